/* SPDX-License-Identifier: MIT */
/* How does a goroutine let time pass? It parks, and nobody wakes it; or it waits for a channel that
 * fires by itself (runtime/after.c). */
#include "include/gridlock/time.h"

#include "runtime/after.h"

void time_sleep(int64_t duration)
{
    struct site site = CALL_SITE();

    if (duration <= 0)
        return;
    event_sleep_block(site);
    park(park_self(), park_after(duration));
    event_unblock();
}

time_chan_receiver time_after(int64_t duration)
{
    return (time_chan_receiver){.chan = after_new(duration)};
}
