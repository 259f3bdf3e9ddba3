/* SPDX-License-Identifier: MIT */
/*
 * thread.h - creating and joining, for pthread's names and C11's
 *
 * Layer:    detector/interpose
 * Memory:   struct start: made by the creator, freed by the new thread
 * Locking:  none
 * Errors:   those of the real functions
 */
#ifndef GRIDLOCK_INTERPOSE_THREAD_H
#define GRIDLOCK_INTERPOSE_THREAD_H

#include "detector/core/stack.h"
#include "detector/core/thread.h"

#include <pthread.h>
#include <threads.h>

/* What the new thread needs to know to become `record` and then do its work. */
struct start {
    struct thread *record;
    size_t stack_size;
    void *(*function)(void *);
    thrd_start_t function_c11;
    void *argument;
};

/* NULL: not to be watched. */
struct start *start_prepare(const void *function, const pthread_attr_t *attributes,
                            struct site site);
void start_failed(struct start *start);
/* In the new thread: frees *start after copying it. */
struct start start_become(struct start *start);

/* until == NULL: no limit; clock < 0: pthread_join's or pthread_timedjoin_np's own. */
int thread_join(pthread_t handle, void **result, const struct timespec *until, clockid_t clock,
                struct site site);
void thread_detached(pthread_t handle);

#endif
