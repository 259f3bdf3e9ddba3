/* SPDX-License-Identifier: MIT */
/*
 * free-direction - who has one direction only does not free the channel
 *
 * gcc:      has no member named 'can_free'
 * clang:    no member named 'can_free' in 'int_chan_sender'
 */
#include "common.h"

static void use(int_chan_sender c)
{
#ifdef MISTAKE
    chan_free(c);
#else
    chan_close(c);
#endif
}

void example(void)
{
    use(ints.sender);
}
