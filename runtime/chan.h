/* SPDX-License-Identifier: MIT */
/*
 * chan.h - what a channel is made of, for chan.c, select.c and the timers
 *
 * Layer:    runtime
 * Memory:   a struct waiter lies on the stack of who waits; whoever takes it out of its queue and
 *           wins its wait must not touch it after unpark()
 * Locking:  the channel's lock guards its state, its queues, and every waiter in them
 * Errors:   none
 *
 * A wait is one goroutine's, and has a waiter in the queue of each channel it waits for. It is
 * decided once, by whoever changes `decided` from WAIT_OPEN: so exactly one case of a select
 * happens, however many channels become ready at the same time.
 */
#ifndef GRIDLOCK_RUNTIME_CHAN_H
#define GRIDLOCK_RUNTIME_CHAN_H

#include "include/gridlock/chan.h"
#include "runtime/lock.h"
#include "runtime/park.h"

enum { WAIT_OPEN = -1, WAIT_AGAIN = -2, WAIT_TIMEOUT = -3 }; /* or the index of the case */

struct waiting {
    struct parker *parker;
    volatile int decided;
    bool ok; /* written by who decided: a value was passed; false: the channel was closed */
};

struct waiter {
    struct waiter *next, *previous;
    struct waiting *waiting;
    void *elem; /* where the value goes to or comes from; NULL throws it away */
    int index;  /* of the case */
    bool queued;
};

struct wait_queue {
    struct waiter *first, *last;
};

struct chan {
    /* constant after chan_new */
    size_t elem_size, capacity;
    unsigned char *buffer;
    struct channel *record; /* the detector's; NULL: not watched */
    bool after;             /* a time_after(): see runtime/after.c */

    struct raw_lock lock;
    /* the lock must be held when using these; at any time one of the queues is empty, but for
     * selects that wait on both sides */
    bool closed, freed;
    size_t count; /* 0 <= count <= capacity; > 0: no receiver waits; < capacity: no sender does */
    size_t first; /* index in the buffer of the oldest value */
    struct wait_queue senders, receivers;

    /* a timer's: when the next value is there by itself, and how long until the one after that;
     * INT64_MAX: never; 0: only once */
    int64_t due, period;
};

/* chan_new() for the caller at `site`. */
struct chan *chan_new_at(size_t elem_size, int64_t capacity, struct site site);
/* Closes a channel of the library's own; the second time does nothing. */
void chan_close_once(struct chan *c, struct site site);
void chan_release_at(struct chan *c, struct site site);
/* Sets `due` and `period`, drops a value that is there, and lets everybody who waits look again.
 * True: it was going to fire. */
bool chan_set_timer(struct chan *c, int64_t due, int64_t period);

/* --- for select.c; locked --- */

/* Moves a due timer's value into the buffer. */
void chan_tick(struct chan *c);
/* Takes out the first waiter whose wait can still be won, and decides it; NULL: none. */
struct waiter *chan_dequeue(struct wait_queue *queue);
void chan_enqueue(struct wait_queue *queue, struct waiter *waiter);
/* Takes `waiter` out, if it is still in. */
void chan_unqueue(struct wait_queue *queue, struct waiter *waiter);
/* One operation that can go on now. The result is whom to wake when the lock is given back; *done:
 * it happened. A closed channel's send is not done here. */
struct parker *chan_send_now(struct chan *c, const void *elem, bool *done);
struct parker *chan_receive_now(struct chan *c, void *elem, bool *ok, bool *done);
/* Gives the lock back and ends the program. */
_Noreturn void chan_panic_closed(struct chan *c, struct site site);
_Noreturn void chan_panic_freed(struct chan *c, struct site site);

/* Without the lock: whoever finds it closed finds it so too by every channel operation after that,
 * and all that came before the close. Async-signal-safe. */
static inline bool chan_is_closed(const struct chan *c)
{
    return __atomic_load_n(&c->closed, __ATOMIC_ACQUIRE);
}

/* Tries to decide one's own wait. */
static inline bool waiting_decide(struct waiting *waiting, int how)
{
    int open = WAIT_OPEN;

    return __atomic_compare_exchange_n(&waiting->decided, &open, how, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_ACQUIRE);
}

/* The channel behind a handle of time_after() (runtime/after.c); others are what they are. */
struct chan *after_resolve(struct chan *handle);
/* Locked: the value of a time_after() was received; gives the lock back. */
void after_received(struct chan *c);

static inline struct chan *chan_of(struct chan *handle)
{
    if (__builtin_expect((uintptr_t)handle >> 48, 0))
        return after_resolve(handle);
    return handle;
}

#endif
