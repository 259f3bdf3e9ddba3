/* SPDX-License-Identifier: MIT */
/*
 * time.h - durations, sleeping, timers and tickers
 *
 * Source:   Go's package time, as of Go 1.23: no stale value after a stop or reset
 * Memory:   timer_free() and ticker_free() end what timer_new() and ticker_new() made, with its
 *           channel; time_after() leaves nothing to free
 * Locking:  any thread may call any of these
 * Errors:   ticker_new() panics with "non-positive interval for NewTicker"
 *
 * Durations are int64_t nanoseconds; zero or less is over at once. Times are nanoseconds of
 * CLOCK_MONOTONIC, and what the channels carry is the time at which the timer fired.
 */
#ifndef GRIDLOCK_TIME_H
#define GRIDLOCK_TIME_H

#include <gridlock/chan.h>

#define NANOSECOND  INT64_C(1)
#define MICROSECOND (1000 * NANOSECOND)
#define MILLISECOND (1000 * MICROSECOND)
#define SECOND      (1000 * MILLISECOND)

CHAN_TYPE(time_chan, int64_t);

/* Blocks the caller for `duration`. */
void time_sleep(int64_t duration);

/* A channel that has one value, `duration` from now; once that is received, it is nil. Made for
 * select: RECV(time_after(5 * SECOND), NULL). */
time_chan_receiver time_after(int64_t duration);

/* A time_after() that can be stopped and started again. */
struct timer;
struct timer *timer_new(int64_t duration);
time_chan_receiver timer_done(struct timer *timer);
/* True: it was running, and will not fire; a value that nobody received is gone. */
bool timer_stop(struct timer *timer);
/* Starts it anew, running or not. True: it was running. */
bool timer_reset(struct timer *timer, int64_t duration);
/* Stops it and gives its memory back; nobody may use it or its channel any more. NULL is allowed. */
void timer_free(struct timer *timer);

/* A channel that has a value every `period`; ticks that nobody takes in time are dropped. */
struct ticker;
struct ticker *ticker_new(int64_t period);
time_chan_receiver ticker_ticks(struct ticker *ticker);
/* No more ticks, also none that is there; the channel is not closed. */
void ticker_stop(struct ticker *ticker);
void ticker_free(struct ticker *ticker);

#endif
