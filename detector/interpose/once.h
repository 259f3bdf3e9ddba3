/* SPDX-License-Identifier: MIT */
/*
 * once.h - one-time initialisation, for pthread's name and C11's
 *
 * Layer:    detector/interpose
 * Memory:   none
 * Locking:  none
 * Errors:   those of the real function
 */
#ifndef GRIDLOCK_INTERPOSE_ONCE_H
#define GRIDLOCK_INTERPOSE_ONCE_H

#include "detector/core/stack.h"

#include <pthread.h>

int once(pthread_once_t *control, void (*function)(void), struct site site);

#endif
