/* SPDX-License-Identifier: MIT */
/*
 * nested.h - the records of locks, as the lock-order graph knows them
 *
 * Layer:    detector/core
 * Memory:   the graph, for as long as the process lives
 * Locking:  the detector's lock must be held
 * Errors:   no memory: NULL
 */
#ifndef GRIDLOCK_CORE_NESTED_H
#define GRIDLOCK_CORE_NESTED_H

#include "detector/core/held.h"
#include "detector/core/object.h"

/* The record of the lock that lives at this address now; an older lock's is retired. */
struct object *nested_current_object(const struct held_lock *lock);
/* The object is no more: it leaves the graph and the table of objects. */
void nested_retire(struct object *object);

#endif
