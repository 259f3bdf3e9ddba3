/* SPDX-License-Identifier: MIT */
/*
 * send-other-struct - a struct is not any struct
 *
 * gcc:      incompatible types when initializing type 'int' using type 'struct point'
 * clang:    initializing .*'int'.* with an expression of incompatible type 'struct point'
 */
#include "common.h"

struct point {
    double x, y;
};

void example(void)
{
#ifdef MISTAKE
    struct point point = {1, 2};

    chan_send(jobs, point);
#else
    struct job job = {1, "one"};

    chan_send(jobs, job);
#endif
}
