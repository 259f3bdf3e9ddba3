/* SPDX-License-Identifier: MIT */
/*
 * held.h - held-lock set: what one thread holds, oldest first
 *
 * Layer:    detector/core (pure: no pthread, no I/O)
 * Memory:   caller owns struct held; {0} is empty; grows without a limit through the arena
 * Locking:  the owner thread writes; the watcher reads it only of threads that are blocked
 * Errors:   no memory: the lock is not tracked (held_push returns NULL)
 *
 * A signal handler may run between any two instructions and push and pop for itself. So a push
 * first takes its place (count), then fills it, and an unfilled place has object == NULL.
 */
#ifndef GRIDLOCK_CORE_HELD_H
#define GRIDLOCK_CORE_HELD_H

#include "detector/core/stack.h"

#include <stddef.h>

enum lock_kind { LOCK_MUTEX, LOCK_RWLOCK, LOCK_SPIN, LOCK_SEMAPHORE };
enum lock_mode { MODE_EXCLUSIVE, MODE_SHARED };
enum lock_how { HOW_BLOCKING, HOW_TRY, HOW_TIMED };

struct held_lock {
    const void *object; /* NULL: the place is taken, not filled */
    const void *pc;
    const struct stack *stack; /* NULL: only pc is known */
    uint64_t chain; /* hash of all that is held up to and with this lock; not made for the first */
    union {
        struct {
            uint32_t depth; /* acquisitions by this thread, for recursive locks and readers */
            uint8_t kind, mode, how;
            bool robust : 1;    /* its owner may die holding it: the next one is told */
            bool inherited : 1; /* a creator's lock that guards this thread too */
        };
        uint64_t all; /* so that a push writes them at once: HELD_ALL() */
    };
};

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HELD_ALL(kind, mode, how)                                                                  \
    (1 | (uint64_t)(kind) << 32 | (uint64_t)(mode) << 40 | (uint64_t)(how) << 48)
#else
#define HELD_ALL(kind, mode, how)                                                                  \
    ((uint64_t)1 << 32 | (uint64_t)(kind) << 24 | (uint64_t)(mode) << 16 | (uint64_t)(how) << 8)
#endif

enum { HELD_INLINE = 8 };

struct held {
    struct held_lock *locks; /* at first `first`, set by the first push */
    uint32_t count;
    uint32_t capacity;
    struct held_lock first[HELD_INLINE];
};

static inline struct held_lock *held_at(struct held *held, uint32_t i)
{
    return held->locks + i;
}

/* Makes room for one more lock. False: no memory. */
bool held_grow(struct held *held);

/* Takes the next place, to be filled by the caller, its object last. NULL: no memory. */
static inline struct held_lock *held_push(struct held *held)
{
    uint32_t i = held->count;

    if (__builtin_expect(i >= held->capacity, 0) && !held_grow(held))
        return NULL;
    held->count = i + 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    return held_at(held, i);
}

/* The newest entry for `object`, or NULL. */
struct held_lock *held_find(struct held *held, const void *object);

/* Takes out an entry that is not the newest; what is above it moves down. */
void held_remove(struct held *held, struct held_lock *lock);

#endif
