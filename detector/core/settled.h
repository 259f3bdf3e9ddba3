/* SPDX-License-Identifier: MIT */
/*
 * settled.h - in a steady state nobody learns anything new: then a hand-over takes no common lock
 *
 * Layer:    detector/core
 * Memory:   a few slots in struct thread
 * Locking:  owner thread only
 * Errors:   none: a slot that was taken by another key only costs a second look
 *
 * A key stands for one direction of one hand-over: an object's record for what is published there,
 * the address behind it for what is accepted. While order_epoch stands, doing the same again
 * changes nothing.
 */
#ifndef GRIDLOCK_CORE_SETTLED_H
#define GRIDLOCK_CORE_SETTLED_H

#include "detector/core/thread.h"

static inline uintptr_t settled_slot(const char *key)
{
    return (uintptr_t)key * UINT64_C(0x9e3779b97f4a7c15) >> 60; /* SETTLED_SLOTS is 16 */
}

static inline bool settled_is(const struct thread *thread, const char *key)
{
    uintptr_t slot = settled_slot(key);

    return thread->settled[slot].object == key &&
           thread->settled[slot].epoch == __atomic_load_n(&order_epoch, __ATOMIC_RELAXED);
}

/* Requires: the detector's lock. */
static inline void settled_now(struct thread *thread, const char *key)
{
    uintptr_t slot = settled_slot(key);

    thread->settled[slot].object = key;
    thread->settled[slot].epoch = order_epoch;
}

#endif
