/* SPDX-License-Identifier: MIT */
/*
 * sender-to-receiver - a sender is no receiver
 *
 * gcc:      incompatible type for argument 1 of 'use'
 * clang:    passing 'int_chan_sender' to parameter of incompatible type 'int_chan_receiver'
 */
#include "common.h"

static void use(int_chan_receiver c)
{
    chan_recv(c, NULL);
}

void example(void)
{
#ifdef MISTAKE
    use(ints.sender);
#else
    use(ints.receiver);
#endif
}
