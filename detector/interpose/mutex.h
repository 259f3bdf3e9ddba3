/* SPDX-License-Identifier: MIT */
/*
 * mutex.h - a mutex's operations, for pthread's names and C11's
 *
 * Layer:    detector/interpose
 * Memory:   none
 * Locking:  none
 * Errors:   those of the real function
 */
#ifndef GRIDLOCK_INTERPOSE_MUTEX_H
#define GRIDLOCK_INTERPOSE_MUTEX_H

#include "detector/core/stack.h"

#include <pthread.h>

int mutex_lock(pthread_mutex_t *mutex, struct site site);
int mutex_trylock(pthread_mutex_t *mutex, struct site site);
int mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until, struct site site);
int mutex_unlock(pthread_mutex_t *mutex, struct site site);
/* Before init and destroy. */
void mutex_begins(pthread_mutex_t *mutex, struct site site);
void mutex_ends(pthread_mutex_t *mutex, struct site site);

#endif
