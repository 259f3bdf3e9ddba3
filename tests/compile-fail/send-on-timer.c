/* SPDX-License-Identifier: MIT */
/*
 * send-on-timer - a timer is not set off by others
 *
 * gcc:      has no member named 'can_send'
 * clang:    no member named 'can_send' in 'time_chan_receiver'
 */
#include "common.h"

void example(void)
{
#ifdef MISTAKE
    chan_send(time_after(SECOND), 1);
#else
    chan_recv(time_after(SECOND), NULL);
#endif
}
