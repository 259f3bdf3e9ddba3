/* SPDX-License-Identifier: MIT */
/*
 * try-receive-on-sender - nor tries to
 *
 * gcc:      has no member named 'can_receive'
 * clang:    no member named 'can_receive' in 'int_chan_sender'
 */
#include "common.h"

static void use(int_chan_sender c)
{
#ifdef MISTAKE
    chan_try_recv(c, NULL, NULL);
#else
    chan_try_send(c, 1);
#endif
}

void example(void)
{
    use(ints.sender);
}
