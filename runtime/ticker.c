/* SPDX-License-Identifier: MIT */
/*
 * What is a ticker? A timer's channel (runtime/timer.c) that is due again and again. There is room
 * for one tick: those that come while nobody takes it are lost, so that a slow receiver is not
 * flooded later.
 */
#include "include/gridlock/time.h"

#include "runtime/chan.h"
#include "runtime/panic.h"

struct ticker {
    struct chan *chan;
};

struct ticker *ticker_new(int64_t period)
{
    struct ticker *ticker;

    if (period <= 0)
        panic("non-positive interval for NewTicker");
    ticker = malloc(sizeof *ticker);
    if (!ticker)
        panic_fatal("runtime: out of memory");
    ticker->chan = chan_new_at(sizeof(int64_t), 1, CALL_SITE());
    event_chan_is_timer(ticker->chan->record);
    chan_set_timer(ticker->chan, park_after(period), period);
    return ticker;
}

time_chan_receiver ticker_ticks(struct ticker *ticker)
{
    return (time_chan_receiver){.chan = ticker->chan};
}

void ticker_stop(struct ticker *ticker)
{
    chan_set_timer(ticker->chan, INT64_MAX, 0);
}

void ticker_free(struct ticker *ticker)
{
    if (!ticker)
        return;
    ticker_stop(ticker);
    chan_release_at(ticker->chan, CALL_SITE());
    free(ticker);
}
