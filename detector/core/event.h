/* SPDX-License-Identifier: MIT */
/*
 * event.h - the seam: every operation that can block, wake, take or give back passes here
 *
 * Layer:    detector/core; called by detector/interpose and by runtime
 * Memory:   the calling thread's struct thread, which the caller passes in
 * Locking:  by the thread itself, outside the detector's lock; event_acquired() and
 *           event_released() take no lock that another thread ever takes
 * Errors:   none: what cannot be tracked is not reported
 *
 * The order around a blocking operation is: event_block(), the operation, event_wake(), and
 * event_acquired() if it took something. An operation that did not have to wait skips the first
 * two.
 */
#ifndef GRIDLOCK_CORE_EVENT_H
#define GRIDLOCK_CORE_EVENT_H

#include "detector/core/object.h"
#include "detector/core/thread.h"

/* --- the detector's lock --- */

/* Enters the detector: blocks signals, so that no handler runs inside, and takes its lock. */
struct detector_guard {
    struct thread *thread;
    uint64_t signals;
};
struct detector_guard detector_enter(struct thread *thread);
void detector_leave(struct detector_guard guard);

/* --- locks --- */

/* The part of event_acquired() for a thread that holds something else and was not seen to ask
 * for this lock in this way before. */
void event_nested(struct thread *thread, struct held_lock *wanted, struct site site);
/* Takes out a lock that is not the newest, or tells that it was not held. */
bool event_released_slow(struct thread *thread, const void *object);

/* Is there more to do for a lock than to push it? Set for good when a lock was taken in a signal
 * handler, or a condition signalled under a mutex by a thread that had nested locks. */
extern bool event_attention;

static inline uint64_t event_link(const struct held_lock *lock)
{
    return (uintptr_t)lock->object ^ (uint64_t)object_generation(lock->object) << 48 ^ lock->mode;
}

/* The order matters: `below` is turned before the link is added. */
static inline uint64_t event_chain(uint64_t below, const struct held_lock *lock)
{
    return ((below << 21 | below >> 43) ^ event_link(lock)) * UINT64_C(0x9e3779b97f4a7c15);
}

/* All of event_acquired(), for a new site, a full held-lock set, or where there is more to do. */
void event_acquired_slow(struct thread *thread, const void *object, enum lock_kind kind,
                         enum lock_mode mode, enum lock_how how, struct site site);

static inline void event_fill(struct held_lock *lock, const void *object, enum lock_kind kind,
                              enum lock_mode mode, enum lock_how how, struct site site,
                              const struct stack *stack)
{
    lock->pc = site.pc;
    lock->stack = stack;
    lock->all = HELD_ALL(kind, mode, how);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    lock->object = object;
}

/* Makes the chain of the i-th lock, i > 0; asks whether it needs a second look. */
static inline bool event_is_new(struct thread *thread, struct held_lock *lock, uint32_t i)
{
    lock->chain = event_chain(i == 1 ? event_link(lock - 1) : lock[-1].chain, lock);
    return lock->how == HOW_BLOCKING && thread->seen[SEEN_SLOT(lock->chain)] != lock->chain;
}

/* `thread` has got `object`. A second read or recursive acquisition is event_reacquired()'s. */
static inline void event_acquired(struct thread *thread, const void *object, enum lock_kind kind,
                                  enum lock_mode mode, enum lock_how how, struct site site)
{
    uint32_t i = thread->held.count;
    const struct stack *stack = stack_cached(&thread->sites, site);
    struct held_lock *lock;

    if (__builtin_expect(!stack || i >= thread->held.capacity || event_attention, 0)) {
        event_acquired_slow(thread, object, kind, mode, how, site);
        return;
    }
    thread->held.count = i + 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    lock = held_at(&thread->held, i);
    event_fill(lock, object, kind, mode, how, site, stack);
    if (i && event_is_new(thread, lock, i))
        event_nested(thread, lock, site);
}

/* Takes the same lock once more: recursive mutex, or a reader again. False: it is not held. */
static inline bool event_reacquired(struct thread *thread, const void *object)
{
    struct held_lock *lock = held_find(&thread->held, object);

    if (lock)
        lock->depth++;
    return lock;
}

/* Gives back the newest lock, if it is `object`, held once. */
static inline bool event_released_newest(struct thread *thread, const void *object)
{
    uint32_t count = thread->held.count;
    struct held_lock *top;

    if (__builtin_expect(!count, 0))
        return false;
    top = held_at(&thread->held, count - 1);
    if (__builtin_expect(top->object != object || top->depth != 1, 0))
        return false;
    top->object = NULL;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    thread->held.count = count - 1;
    thread->last_released = object;
    return true;
}

/* `thread` is about to give `object` back. False: it was not seen to take it. */
static inline bool event_released(struct thread *thread, const void *object)
{
    return event_released_newest(thread, object) || event_released_slow(thread, object);
}

/* A rwlock that lets readers wait behind a waiting writer: a thread that holds it reads it once
 * more (`lock` is its entry), or a thread has got it for writing. */
void event_read_again(struct thread *thread, const struct held_lock *lock, struct site site);
void event_write_seen(struct thread *thread, const void *rwlock, struct site site);

/* --- blocking --- */

/* The thread is about to wait. wait->since, pc and stack are filled in here. */
void event_block(struct thread *thread, struct wait wait, struct site site);
/* The same in two steps, for who has a reason to think that the wait never ends: the wait is
 * visible after the first, and looked at after the second. */
void event_block_begin(struct thread *thread, struct wait wait, struct site site);
void event_block_suspect(const struct thread *thread);
/* It waits no longer, whatever the outcome. Harmless if it was not blocked. */
void event_wake(struct thread *thread);

/* --- conditions, semaphores, barriers (hand_over.c) --- */

/* Before a wait: counts the waiter in. The mutex is given back by the caller's event_released(). */
void event_cond_wait(struct thread *thread, const void *cond, const void *mutex, bool shared,
                     struct site site);
/* After it. `signalled`: it ended by a signal as far as can be told, not by time. */
void event_cond_woken(struct thread *thread, const void *cond, bool signalled);
void event_cond_signal(struct thread *thread, const void *cond, bool all, struct site site);

void event_semaphore_made(struct thread *thread, const void *semaphore, unsigned value, bool shared,
                          struct site site);
/* Got one, blocking or not. */
void event_semaphore_taken(struct thread *thread, const void *semaphore, enum lock_how how,
                           struct site site);
/* About to post. */
void event_semaphore_post(struct thread *thread, const void *semaphore, struct site site);

void event_barrier_made(struct thread *thread, const void *barrier, unsigned parties, bool shared,
                        struct site site);
/* Arrives; the result is the round, for wait.target. *last: it opens the barrier. */
uint32_t event_barrier_arrive(struct thread *thread, const void *barrier, bool *last,
                              struct site site);
void event_barrier_left(struct thread *thread, const void *barrier);

/* --- threads (lifecycle.c) --- */

/* Before a thread is created: its record, known to happen after all that its creator did. */
struct thread *event_thread_new(struct thread *creator, const void *function, struct site site);
/* It could not be created. */
void event_thread_failed(struct thread *thread);
/* In the new thread. */
void event_thread_start(struct thread *thread, int tid, uintptr_t handle);
/* In the thread, when no more of the program's code will run in it. */
void event_thread_end(struct thread *thread);
/* After a successful join of `target`. */
void event_thread_joined(struct thread *thread, struct thread *target);
void event_thread_detached(struct thread *target);
/* `thread` is about to cancel `target`. */
void event_thread_cancelled(struct thread *thread, struct thread *target, struct site site);

/* --- memory (event.c) --- */

/* The objects in [low, low + size) are no more. */
void event_memory_gone(struct thread *thread, uintptr_t low, size_t size, struct site site);
/* The same for memory that may have a new owner by now: only the caller's own locks are judged. */
void event_memory_moved(struct thread *thread, uintptr_t low, size_t size, struct site site);
/* The object at this address ends (destroy) or begins anew (init). */
void event_object_gone(struct thread *thread, const void *object);

#endif
