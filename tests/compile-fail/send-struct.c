/* SPDX-License-Identifier: MIT */
/*
 * send-struct - a struct does not go through a channel of ints
 *
 * gcc:      incompatible types when initializing type 'int' using type 'struct job'
 * clang:    initializing .*'int'.* with an expression of incompatible type 'struct job'
 */
#include "common.h"

void example(void)
{
#ifdef MISTAKE
    struct job job = {.id = 1};

    chan_send(ints, job);
#else
    struct job job = {.id = 1};

    chan_send(ints, job.id);
#endif
}
