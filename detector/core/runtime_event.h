/* SPDX-License-Identifier: MIT */
/*
 * runtime_event.h - the seam for the runtime: what goroutines, channels, WaitGroups and contexts do
 *
 * Layer:    detector/core; called by runtime, which includes nothing else of the detector
 * Memory:   a channel's record is the detector's, from event_chan_made() to event_chan_freed();
 *           it stays readable afterwards
 * Locking:  what is marked "locked" is called with the channel's own lock held; the detector may
 *           take its own lock inside, which is a leaf
 * Errors:   no memory: a record is NULL; then nothing is known of the channel, and it is taken to
 *           be served from outside
 *
 * With GRIDLOCK_WITHOUT_DETECTOR all of this is nothing: so it is in the archive for programs that
 * run under ThreadSanitizer.
 */
#ifndef GRIDLOCK_CORE_RUNTIME_EVENT_H
#define GRIDLOCK_CORE_RUNTIME_EVENT_H

#include "detector/core/channel_case.h"
#include "detector/core/raw_lock.h"
#include "detector/core/stack.h"

enum event_misuse {
    EVENT_SEND_ON_CLOSED,
    EVENT_CLOSE_OF_CLOSED,
    EVENT_CLOSE_OF_NIL,
    EVENT_USE_OF_FREED,
    EVENT_FREE_IN_USE,
};

#ifndef GRIDLOCK_WITHOUT_DETECTOR

#include "detector/core/channel.h"
#include "detector/core/event.h"
#include "detector/core/under_lock.h"

/* --- goroutines (goroutine.c) --- */

/* The caller is about to start a goroutine. The result goes to event_goroutine(). */
const struct stack *event_go(struct site site);
/* In the new goroutine: what it is. name may be NULL. */
void event_goroutine(const void *function, const char *name, const struct stack *created_at);
/* The calling thread is the runtime's own: it is not watched, and it does wake others. */
void event_own_thread(void);
/* The runtime's own thread will start a goroutine by itself (by = 1), or no longer (-1): until then
 * nobody is known to wait for ever. */
void event_goroutine_expected(int by);
/* The word on which the calling thread sleeps, where the watcher can see it; NULL: not watched. */
volatile int *event_sleep_word(void);

/* --- blocking: between these two the caller does nothing but sleep (channel_wait.c) --- */

/* timed: it ends by itself. */
void event_cases_block(const struct event_case *cases, unsigned count, bool timed,
                       struct site site);
/* select with one case is a plain operation to the reader; this one is a select whatever it has. */
void event_select_block(const struct event_case *cases, unsigned count, bool timed,
                        struct site site);
void event_sleep_block(struct site site);
void event_waitgroup_block(const void *waitgroup, struct site site);
void event_unblock(void);

/* --- channels (channel.c) --- */

struct channel *event_chan_made(const void *chan, size_t capacity, struct site site);
/* The channel belongs to a context made at `site`: it is closed when that is cancelled. */
void event_chan_is_context(struct channel *channel);
/* It belongs to a timer or ticker. */
void event_chan_is_timer(struct channel *channel);
/* Something other than a thread will serve it: a timer (by = 1), or no longer (-1). */
void event_chan_external(struct channel *channel, int by);
/* Locked. The caller sends, receives, or would like to; what it knows goes over to the other side
 * with event_chan_passed(). */
static inline void event_chan_asks(struct channel *channel, enum channel_side side,
                                   struct site site)
{
    if (channel)
        channel_asks(channel, side, site);
}
/* Locked, before event_chan_asks(): the caller will wait if it must, for this channel alone. */
static inline void event_chan_may_wait(struct channel *channel, enum channel_side side,
                                       struct site site)
{
    if (channel && thread_current && thread_current->held.count)
        under_lock_check(channel, side, thread_current, site);
}
/* Locked. A value was sent, and `count` are in the buffer now: the result is whether the send needed
 * the room that an earlier receive had made, and so comes after it. */
static inline bool event_chan_sent(struct channel *channel, size_t count)
{
    if (!channel)
        return false;
    channel->was_full |= count >= channel->capacity;
    return channel->received + count > channel->capacity;
}
/* The operation of the caller was completed, by itself or by its partner. ordered: the other side's
 * operation that it needed came before; so it is with every receive, and with a send that waited. */
static inline void event_chan_passed(struct channel *channel, enum channel_side side, bool ordered)
{
    if (channel && thread_current)
        channel_passed(channel, side, ordered);
}
/* Locked. A value has come to a receiver. */
static inline void event_chan_value(struct channel *channel)
{
    if (channel)
        channel->received++;
}
/* Locked. */
void event_chan_closed(struct channel *channel, struct site site);
/* Locked. Nobody waits. */
void event_chan_freed(struct channel *channel, struct site site);
/* Its memory goes now; until here a use of the freed channel can be told. */
void event_chan_gone(struct channel *channel);
/* channel may be NULL. */
void event_chan_misuse(enum event_misuse misuse, struct channel *channel, struct site site);

/* --- WaitGroups (waitgroup_event.c): what they do is told after it was done --- */

/* The first use of a WaitGroup, or of another one at the same address. */
void event_waitgroup_made(const void *waitgroup, struct site site);
/* `delta` was added to its counter. */
void event_waitgroup_added(const void *waitgroup, int delta, struct site site);
/* The caller, a goroutine, will call done when its function returns, and does so now. */
void event_waitgroup_serves(const void *waitgroup);
/* About to wait, if there is something to wait for. */
void event_waitgroup_waits(const void *waitgroup, struct site site);
/* A wait is over, or there was nothing to wait for. */
void event_waitgroup_waited(const void *waitgroup);
void event_waitgroup_negative(const void *waitgroup, struct site site);
/* Added to from zero while somebody waits, or used again before all have come back. */
void event_waitgroup_reused(const void *waitgroup, struct site site);
void event_waitgroup_copied(const void *waitgroup, const void *original, struct site site);

/* --- contexts (context_event.c) --- */

/* A context that somebody must cancel; `channel` is its done channel's record. */
void event_context_made(const void *context, struct channel *channel, bool timeout,
                        struct site site);
/* By the program, its parent or its deadline; harmless the second time. */
void event_context_cancelled(const void *context);
/* Given back. Not cancelled yet: reported. */
void event_context_freed(const void *context, struct site site);

#else
#include "detector/core/runtime_event_none.h"
#endif
#endif
