/* SPDX-License-Identifier: MIT */
/*
 * close-receiver - who only receives does not close
 *
 * gcc:      has no member named 'can_close'
 * clang:    no member named 'can_close' in 'int_chan_receiver'
 */
#include "common.h"

static void use(int_chan_receiver c)
{
#ifdef MISTAKE
    chan_close(c);
#else
    chan_len(c);
#endif
}

void example(void)
{
    use(ints.receiver);
}
