/* SPDX-License-Identifier: MIT */
/*
 * select-receive-on-sender - in a select too: a sender does not receive
 *
 * gcc:      has no member named 'can_receive'
 * clang:    no member named 'can_receive' in 'int_chan_sender'
 */
#include "common.h"

static void use(int_chan_sender c)
{
#ifdef MISTAKE
    chan_select(RECV(c, NULL), DEFAULT);
#else
    chan_select(SEND(c, 1), DEFAULT);
#endif
}

void example(void)
{
    use(ints.sender);
}
