/* SPDX-License-Identifier: MIT */
/*
 * select-send-on-receiver - in a select too: a receiver does not send
 *
 * gcc:      has no member named 'can_send'
 * clang:    no member named 'can_send' in 'int_chan_receiver'
 */
#include "common.h"

static void use(int_chan_receiver c)
{
#ifdef MISTAKE
    chan_select(SEND(c, 1), DEFAULT);
#else
    chan_select(RECV(c, NULL), DEFAULT);
#endif
}

void example(void)
{
    use(ints.receiver);
}
