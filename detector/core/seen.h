/* SPDX-License-Identifier: MIT */
/*
 * seen.h - the nested acquisitions that were recorded already, for all threads
 *
 * Layer:    detector/core (pure)
 * Memory:   one table that grows up to 16 MiB; then newer keys push out older ones
 * Locking:  seen_before() takes none; seen_add() needs the detector's lock
 * Errors:   no memory: nothing is remembered, the slow path is taken again
 *
 * A forgotten key costs time, never a finding: the slow path knows what it has recorded.
 */
#ifndef GRIDLOCK_CORE_SEEN_H
#define GRIDLOCK_CORE_SEEN_H

#include <stdbool.h>
#include <stdint.h>

bool seen_before(uint64_t key);
void seen_add(uint64_t key);

#endif
