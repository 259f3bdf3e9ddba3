/* SPDX-License-Identifier: MIT */
/*
 * direction-to-channel - one direction does not give the other back
 *
 * gcc:      invalid initializer
 * clang:    with an expression of incompatible type 'int_chan_sender'
 */
#include "common.h"

static void use(int_chan_sender sender)
{
#ifdef MISTAKE
    int_chan c = sender;

    chan_recv(c, NULL);
#else
    int_chan_sender c = sender;

    chan_send(c, 1);
#endif
}

void example(void)
{
    use(ints.sender);
}
