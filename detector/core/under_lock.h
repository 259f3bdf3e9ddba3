/* SPDX-License-Identifier: MIT */
/*
 * under_lock.h - waiting for a partner with a lock held that the partner needs first
 *
 * Layer:    detector/core
 * Memory:   fields of struct thread and of the channel's ends
 * Locking:  by the thread itself; the channel's own lock is held where a channel is passed
 * Errors:   none: what cannot be told for sure is not reported
 */
#ifndef GRIDLOCK_CORE_UNDER_LOCK_H
#define GRIDLOCK_CORE_UNDER_LOCK_H

#include "detector/core/channel.h"

/* Is there something to note for this thread before it comes to a channel? */
static inline bool under_lock_pending(const struct thread *thread)
{
    return thread->last_released && !((uintptr_t)thread->last_released & THREAD_RELEASE_SEEN);
}

/* `thread` comes to its place at one end, having needed a lock for it or not. */
void under_lock_note(struct channel *channel, enum channel_side side, struct thread *thread,
                     uint32_t place);
/* It may have to wait there, with a lock held. */
void under_lock_check(struct channel *channel, enum channel_side side, struct thread *thread,
                      struct site site);

/* The same for a WaitGroup's done and wait. */
void under_lock_note_done(struct object *waitgroup, struct thread *thread);
void under_lock_check_wait(struct object *waitgroup, struct thread *thread, struct site site);

#endif
