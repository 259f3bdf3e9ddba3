/* SPDX-License-Identifier: MIT */
/*
 * send-on-receiver - who may only receive does not send
 *
 * gcc:      has no member named 'can_send'
 * clang:    no member named 'can_send' in 'int_chan_receiver'
 */
#include "common.h"

static void use(int_chan_receiver c)
{
#ifdef MISTAKE
    chan_send(c, 1);
#else
    chan_recv(c, NULL);
#endif
}

void example(void)
{
    use(ints.receiver);
}
