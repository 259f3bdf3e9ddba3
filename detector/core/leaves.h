/* SPDX-License-Identifier: MIT */
/*
 * leaves.h - locks that are never held while another one is asked for
 *
 * Layer:    detector/core (pure)
 * Memory:   two bit tables, 16 KiB
 * Locking:  none: atomic bits
 * Errors:   two locks may share a bit: then more is recorded than need be, never less
 *
 * No cycle passes through such a lock, so a demand for it need not be recorded. Small programs
 * are recorded in full all the same, since each of their orders may be seen only once. A large
 * one, with thousands of shapes, sets demands for leaves aside; when the leaf turns out to be
 * none, its generation moves on and the demands are recorded the next time they happen.
 */
#ifndef GRIDLOCK_CORE_LEAVES_H
#define GRIDLOCK_CORE_LEAVES_H

#include "detector/core/held.h"

/* The first `count` locks are held while another one is asked for: they are no leaves. */
void leaves_not(struct held *held, uint32_t count);
/* Is `wanted` a leaf as far as was seen? Then the demand counts as set aside. */
bool leaves_set_aside(const void *wanted);

#endif
