/* SPDX-License-Identifier: MIT */
/*
 * cond.h - a condition's operations, for pthread's names and C11's
 *
 * Layer:    detector/interpose
 * Memory:   none
 * Locking:  none
 * Errors:   those of the real function
 */
#ifndef GRIDLOCK_INTERPOSE_COND_H
#define GRIDLOCK_INTERPOSE_COND_H

#include "detector/core/stack.h"

#include <pthread.h>

/* until == NULL: without a limit; clock < 0: the condition's own. */
int cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, const struct timespec *until,
              clockid_t clock, struct site site);
int cond_wake(pthread_cond_t *cond, int all, struct site site);
/* Before init. */
void cond_begins(pthread_cond_t *cond);
int cond_destroy(pthread_cond_t *cond, struct site site);

#endif
