/* SPDX-License-Identifier: MIT */
/*
 * select-send-struct - in a select too: a struct is no int
 *
 * gcc:      incompatible types when initializing type 'int' using type 'struct job'
 * clang:    initializing .*'int'.* with an expression of incompatible type 'struct job'
 */
#include "common.h"

void example(void)
{
#ifdef MISTAKE
    struct job job = {.id = 1};

    chan_select(SEND(ints, job), DEFAULT);
#else
    struct job job = {.id = 1};

    chan_select(SEND(jobs, job), DEFAULT);
#endif
}
