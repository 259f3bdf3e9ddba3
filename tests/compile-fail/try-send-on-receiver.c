/* SPDX-License-Identifier: MIT */
/*
 * try-send-on-receiver - nor tries to
 *
 * gcc:      has no member named 'can_send'
 * clang:    no member named 'can_send' in 'int_chan_receiver'
 */
#include "common.h"

static void use(int_chan_receiver c)
{
#ifdef MISTAKE
    chan_try_send(c, 1);
#else
    chan_try_recv(c, NULL, NULL);
#endif
}

void example(void)
{
    use(ints.receiver);
}
