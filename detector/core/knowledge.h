/* SPDX-License-Identifier: MIT */
/*
 * knowledge.h - what a thread knows to have happened, handed over through an object
 *
 * Layer:    detector/core
 * Memory:   the object's vector grows as order.h says; a few slots in struct thread
 * Locking:  call by the thread itself, without the detector's lock
 * Errors:   those of order.h
 *
 * Who posts a semaphore, sends a value or marks a task done publishes what it knows in the object's
 * vector; who then takes from there accepts it. In a steady state nobody learns anything new: the
 * thread remembers in which order_epoch it did the same last, and takes no common lock.
 */
#ifndef GRIDLOCK_CORE_KNOWLEDGE_H
#define GRIDLOCK_CORE_KNOWLEDGE_H

#include "detector/core/thread.h"

/* Has the thread anything to hand over? Most have not: they never nested two locks. */
static inline bool knows_something(const struct thread *thread)
{
    return thread->clock.slot != ORDER_NONE || thread->clock.known;
}

void knowledge_publish(struct thread *thread, struct order_vector **vector);
void knowledge_accept(struct thread *thread, struct order_vector *const *vector);

#endif
