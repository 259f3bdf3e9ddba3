/* SPDX-License-Identifier: MIT */
/*
 * random.h - the dice of select: fast, one state a thread, good for fairness and nothing else
 *
 * Layer:    runtime
 * Memory:   eight bytes of thread-local data
 * Locking:  none
 * Errors:   none
 *
 * Xorshift with a multiplier (Vigna, "An experimental exploration of Marsaglia's xorshift
 * generators, scrambled", 2016); the range by multiplying instead of dividing (Lemire 2019). The
 * bias is below n in 2^32.
 */
#ifndef GRIDLOCK_RUNTIME_RANDOM_H
#define GRIDLOCK_RUNTIME_RANDOM_H

#include <stdint.h>

/* A number in [0, n). */
uint32_t random_below(uint32_t n);

#endif
