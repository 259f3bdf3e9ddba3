/* SPDX-License-Identifier: MIT */
/*
 * channel-to-direction - a direction is asked for by its name
 *
 * gcc:      incompatible type for argument 1 of 'use'
 * clang:    passing 'int_chan' to parameter of incompatible type 'int_chan_receiver'
 */
#include "common.h"

static void use(int_chan_receiver c)
{
    chan_recv(c, NULL);
}

void example(void)
{
#ifdef MISTAKE
    use(ints);
#else
    use(ints.receiver);
#endif
}
