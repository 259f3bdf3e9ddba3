/* SPDX-License-Identifier: MIT */
/*
 * raw_lock.h - the lock that the library locks itself with; it raises no events
 *
 * Layer:    detector/core
 * Memory:   four bytes in the owner's struct; zero is unlocked
 * Locking:  a leaf everywhere but where docs/locking.md says otherwise
 * Errors:   none
 *
 * Three states, after Drepper, "Futexes Are Tricky" (2011): 0 free, 1 held, 2 held and somebody
 * may sleep.
 */
#ifndef GRIDLOCK_CORE_RAW_LOCK_H
#define GRIDLOCK_CORE_RAW_LOCK_H

#include "detector/core/sys.h"

struct raw_lock {
    volatile int state;
};

static inline void raw_lock(struct raw_lock *lock)
{
    int state = 0;

    if (__atomic_compare_exchange_n(&lock->state, &state, 1, 0, __ATOMIC_ACQUIRE,
                                    __ATOMIC_RELAXED))
        return;
    while (__atomic_exchange_n(&lock->state, 2, __ATOMIC_ACQUIRE) != 0)
        sys_futex_wait(&lock->state, 2, -1);
}

static inline void raw_unlock(struct raw_lock *lock)
{
    if (__atomic_exchange_n(&lock->state, 0, __ATOMIC_RELEASE) == 2)
        sys_futex_wake(&lock->state, 1);
}

#endif
