/* SPDX-License-Identifier: MIT */
/*
 * after.h - the channels of time_after(), which nobody frees
 *
 * Layer:    runtime
 * Memory:   a pool that grows to as many as were in use at one time
 * Locking:  the pool's lock may be taken while a channel's lock is held, not the other way round
 * Errors:   no memory: fatal, as in Go
 */
#ifndef GRIDLOCK_RUNTIME_AFTER_H
#define GRIDLOCK_RUNTIME_AFTER_H

#include "runtime/chan.h"

/* A handle, good for one value. */
struct chan *after_new(int64_t duration);

#endif
