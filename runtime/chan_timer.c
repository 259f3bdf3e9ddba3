/* SPDX-License-Identifier: MIT */
/*
 * How does a channel have a value at a certain time, without anybody who sends it?
 *
 * A timer's channel knows when its next value is due. Whoever looks at the channel after that time
 * finds the value there; who waits on it sleeps no longer than until then, and looks again. So a
 * timer costs nothing until somebody looks, and stopping it leaves no stale value (Go 1.23).
 */
#include "runtime/chan.h"

#include <string.h>

void chan_tick(struct chan *c)
{
    int64_t now;

    if (__builtin_expect(c->due == INT64_MAX, 1) || c->count)
        return;
    now = park_now();
    if (now < c->due)
        return;
    memcpy(c->buffer, &c->due, sizeof c->due);
    c->first = 0;
    c->count = 1;
    if (c->period) /* ticks that nobody took are dropped */
        c->due += ((now - c->due) / c->period + 1) * c->period;
    else
        c->due = INT64_MAX;
}

/* Locked. */
static void wake_to_look_again(struct chan *c)
{
    struct waiter *waiter;

    while ((waiter = c->receivers.first)) {
        struct parker *parker = waiter->waiting->parker;

        chan_unqueue(&c->receivers, waiter);
        if (waiting_decide(waiter->waiting, WAIT_AGAIN))
            unpark(parker);
    }
}

bool chan_set_timer(struct chan *c, int64_t due, int64_t period)
{
    bool was_running;

    lock_take(&c->lock);
    was_running = c->due != INT64_MAX || c->count;
    c->due = due;
    c->period = period;
    c->count = 0;
    wake_to_look_again(c);
    lock_give(&c->lock);
    return was_running;
}
