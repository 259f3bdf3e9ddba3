/* SPDX-License-Identifier: MIT */
/*
 * yield.h - letting others run for a moment, and no longer
 *
 * Layer:    runtime
 * Memory:   none
 * Locking:  call without any lock
 * Errors:   none
 */
#ifndef GRIDLOCK_RUNTIME_YIELD_H
#define GRIDLOCK_RUNTIME_YIELD_H

#include <stdbool.h>
#include <stdint.h>

/* Nanoseconds that a yield took. Below ALONE nobody else wanted this processor; above LONG the
 * caller should not yield again. */
#define YIELD_ALONE 1500
#define YIELD_LONG  100000

/* False: others kept the processor too long lately. */
bool yield_is_wise(void);
/* The result is how long it took. */
int64_t yield_timed(void);

#endif
