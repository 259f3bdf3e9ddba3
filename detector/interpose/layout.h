/* SPDX-License-Identifier: MIT */
/*
 * layout.h - how glibc lays out a mutex, and whether this glibc does so
 *
 * Layer:    detector/interpose
 * Memory:   none
 * Locking:  none
 * Errors:   another layout: mutex_layout_known is false, and every call goes to the real function
 *
 * The fields' names are glibc's (bits/struct_mutex.h, struct_rwlock.h), which static
 * initialisers have frozen. What the fields mean is checked at start-up on a mutex of our own.
 */
#ifndef GRIDLOCK_INTERPOSE_LAYOUT_H
#define GRIDLOCK_INTERPOSE_LAYOUT_H

#include <pthread.h>
#include <stdbool.h>

enum {
    MUTEX_TYPE_MASK = 3,    /* PTHREAD_MUTEX_NORMAL, RECURSIVE, ERRORCHECK, ADAPTIVE_NP */
    MUTEX_ROBUST = 16,
    MUTEX_INHERIT = 32,
    MUTEX_SHARED = 128,
};

extern bool mutex_layout_known;
extern bool rwlock_layout_known;

/* A rwlock's __readers: the count of readers above three flags. */
enum { RWLOCK_READER = 8, RWLOCK_FLAGS = 7 };

void layout_check(void);

static inline int mutex_kind(const pthread_mutex_t *mutex)
{
    return __atomic_load_n(&mutex->__data.__kind, __ATOMIC_RELAXED);
}

static inline int mutex_owner(const pthread_mutex_t *mutex)
{
    return __atomic_load_n(&mutex->__data.__owner, __ATOMIC_RELAXED);
}

#endif
