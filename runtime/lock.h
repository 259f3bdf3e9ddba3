/* SPDX-License-Identifier: MIT */
/*
 * lock.h - the lock of a channel: held for tens of nanoseconds, so worth a short spin
 *
 * Layer:    runtime
 * Memory:   four bytes in the channel; zero is unlocked
 * Locking:  several channels at once only in the order of their addresses (select.c)
 * Errors:   none
 *
 * The states are raw_lock's: 0 free, 1 held, 2 held and somebody may sleep. The spin is bounded at
 * about a microsecond and a half: long enough for any critical section whose owner runs, and no
 * loss that counts where it does not. Every look takes the cache line away from the owner, so the
 * looks become rarer; meanwhile the owner may use the channel several times in a row, which is
 * cheaper for both than taking turns.
 */
#ifndef GRIDLOCK_RUNTIME_LOCK_H
#define GRIDLOCK_RUNTIME_LOCK_H

#include "detector/core/runtime_event.h"

enum { FIRST_PAUSE = 4, LAST_PAUSE = 32 }; /* a turn is about 25 ns */

static inline void lock_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield" ::: "memory");
#endif
}

static inline bool lock_try(struct raw_lock *lock)
{
    int state = 0;

    return __atomic_load_n(&lock->state, __ATOMIC_RELAXED) == 0 &&
           __atomic_compare_exchange_n(&lock->state, &state, 1, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

static inline void lock_take(struct raw_lock *lock)
{
    for (int pause = FIRST_PAUSE; pause <= LAST_PAUSE; pause *= 2) {
        if (lock_try(lock))
            return;
        for (int i = 0; i < pause; i++)
            lock_relax();
    }
    raw_lock(lock);
}

static inline void lock_give(struct raw_lock *lock)
{
    raw_unlock(lock);
}

#endif
