/* SPDX-License-Identifier: MIT */
/*
 * receive-on-sender - who may only send does not receive
 *
 * gcc:      has no member named 'can_receive'
 * clang:    no member named 'can_receive' in 'int_chan_sender'
 */
#include "common.h"

static void use(int_chan_sender c)
{
#ifdef MISTAKE
    chan_recv(c, NULL);
#else
    chan_send(c, 1);
#endif
}

void example(void)
{
    use(ints.sender);
}
