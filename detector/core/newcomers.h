/* SPDX-License-Identifier: MIT */
/*
 * newcomers.h - could somebody who was never seen at a channel come to it for the first time?
 *
 * Layer:    detector/core
 * Memory:   an array from the arena, kept between looks
 * Locking:  the watcher only
 * Errors:   no memory, or the kernel does not tell: yes
 */
#ifndef GRIDLOCK_CORE_NEWCOMERS_H
#define GRIDLOCK_CORE_NEWCOMERS_H

#include "detector/core/snapshot.h"

/* Could a thread that runs serve node i, a receiver? Asked again and again while i waits; now:
 * CLOCK_MONOTONIC, ns. */
bool newcomers_may_serve(const struct snapshot *snapshot, uint32_t i, int64_t now);

#endif
