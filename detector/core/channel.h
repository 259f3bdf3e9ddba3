/* SPDX-License-Identifier: MIT */
/*
 * channel.h - what is known of each channel: who was seen at its two ends, and what happened last
 *
 * Layer:    detector/core
 * Memory:   records come from the arena and are used again after channel_freed(), never unmapped,
 *           so that the watcher may look at any of them
 * Locking:  see the groups of struct channel
 * Errors:   no memory: NULL, the channel is not watched
 *
 * Who could serve a channel operation is never guessed too small. A partner that was seen may come
 * again while it lives. A receiver may also be served by whoever could make another sender: the
 * living ancestors of senders that have ended, and the thread that made the channel.
 */
#ifndef GRIDLOCK_CORE_CHANNEL_H
#define GRIDLOCK_CORE_CHANNEL_H

#include "detector/core/channel_case.h"
#include "detector/core/object.h"
#include "detector/core/thread.h"

struct channel_partner {
    uint32_t thread;  /* id */
    uint32_t index;   /* of its record */
    uint32_t parent;  /* id of the thread that created it */
    bool came, again; /* once, and more than once; but see channel_end.again */
    uint32_t tells;   /* the thread's, when it came last; but see channel_end.tells */
    const void *pc;   /* its newest operation */
    const struct stack *stack;
    struct need need; /* the lock that it needed to come here for that */
};

/* The last that may have had to wait here with a lock held; thread 0: nobody did. */
struct under {
    uint32_t thread;
    enum lock_kind kind;
    const void *lock;
    const struct stack *stack, *lock_stack; /* of the wait, of the lock */
    const void *pc, *lock_pc;
    struct moment when;
};

struct channel_end {
    /* the channel's own lock, the runtime's, must be held when writing these */
    uint32_t thread; /* the last that came */
    const void *pc;
    uint32_t last;  /* its place in partners */
    bool again;      /* that one came more than once in a row */
    uint32_t tells;  /* that one's, when it came */
    bool strangers; /* somebody came who is not watched */
    bool needs;     /* a partner's need is noted: see under_lock.c */
    struct under under;

    /* the detector's lock */
    struct channel_partner *partners;
    unsigned capacity;
    uint32_t count;
    bool renewed; /* somebody came for the first time when all who had come before had ended */
    struct order_vector *known; /* what those who came knew */
};

struct channel {
    /* constant while the channel lives */
    struct channel *next; /* of the free ones */
    const void *address;
    size_t capacity;
    struct object_event made;
    bool context;        /* the done channel of a context */
    bool timer;          /* a timer's or ticker's */

    /* the channel's own lock */
    uint64_t received; /* values so far */
    bool closed, freed;
    bool was_full; /* a sender had no room, or the next one would have had none */
    struct object_event closing;
    struct channel_end ends[SIDES];

    /* atomic */
    int external; /* timers that will serve it */
};

extern bool channel_any; /* the runtime is in use */

/* Locked by the channel's own lock. */
void channel_asks_slow(struct channel *channel, enum channel_side side, struct site site);
/* Takes over what the other side knew. */
void channel_accept(struct channel *channel, enum channel_side side);

static inline void channel_asks(struct channel *channel, enum channel_side side, struct site site)
{
    struct channel_end *end = &channel->ends[side];
    struct thread *thread = thread_current;

    if (__builtin_expect(!thread || end->thread != thread->id || end->pc != site.pc ||
                             thread->held.count || thread->clock.known ||
                             thread->clock.slot != ORDER_NONE || end->needs ||
                             (thread->last_released &&
                              !((uintptr_t)thread->last_released & THREAD_RELEASE_SEEN)),
                         0))
        channel_asks_slow(channel, side, site);
    else
        end->again = true;
    if (__builtin_expect(thread != NULL, 1)) {
        thread->tells += side == SIDE_SEND;
        end->tells = thread->tells;
    }
}

static inline void channel_passed(struct channel *channel, enum channel_side side, bool ordered)
{
    if (__builtin_expect(channel->ends[!side].known != NULL, 0) && ordered)
        channel_accept(channel, side);
}

/* The thread with this id, whose record is or was at `index`; NULL: it has ended. */
static inline struct thread *channel_thread(uint32_t index, uint32_t id)
{
    struct thread *thread = thread_at(index);

    return thread->id == id && (thread->state == THREAD_ALIVE || thread->state == THREAD_STARTING)
               ? thread
               : NULL;
}

/* Was somebody seen at both ends? Then it holds places, and who has one gives it back. Requires: the
 * detector's lock. */
bool channel_holds_places(const struct channel *channel);
/* The partner with this id at one end, or NULL. Requires: the detector's lock. */
const struct channel_partner *channel_partner(const struct channel_end *end, uint32_t thread);

#endif
