/* SPDX-License-Identifier: MIT */
/*
 * What is a timer? A channel that knows when its value will be there (runtime/chan_timer.c). No
 * thread waits for that moment: whoever looks at the channel finds the value, or sleeps until then.
 * So stop and reset have nobody to race with, and after them no old value is left.
 */
#include "include/gridlock/time.h"

#include "runtime/chan.h"
#include "runtime/panic.h"

enum { ONCE = 0 };

struct timer {
    struct chan *chan;
};

struct timer *timer_new(int64_t duration)
{
    struct timer *timer = malloc(sizeof *timer);

    if (!timer)
        panic_fatal("runtime: out of memory");
    timer->chan = chan_new_at(sizeof(int64_t), 1, CALL_SITE());
    event_chan_is_timer(timer->chan->record);
    chan_set_timer(timer->chan, park_after(duration), ONCE);
    return timer;
}

time_chan_receiver timer_done(struct timer *timer)
{
    return (time_chan_receiver){.chan = timer->chan};
}

bool timer_stop(struct timer *timer)
{
    return chan_set_timer(timer->chan, INT64_MAX, ONCE);
}

bool timer_reset(struct timer *timer, int64_t duration)
{
    return chan_set_timer(timer->chan, park_after(duration), ONCE);
}

void timer_free(struct timer *timer)
{
    if (!timer)
        return;
    chan_set_timer(timer->chan, INT64_MAX, ONCE);
    chan_release_at(timer->chan, CALL_SITE());
    free(timer);
}
