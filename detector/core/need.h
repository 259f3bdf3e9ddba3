/* SPDX-License-Identifier: MIT */
/*
 * need.h - a lock that a thread took, and would have waited for, on its way to a meeting
 *
 * Layer:    detector/core (pure)
 * Memory:   plain values
 * Locking:  none
 * Errors:   none
 *
 * See under_lock.c.
 */
#ifndef GRIDLOCK_CORE_NEED_H
#define GRIDLOCK_CORE_NEED_H

#include "detector/core/stack.h"

/* A dependency's stamp (order.h) without what was known then. */
struct moment {
    uint32_t slot, tick;
};

struct need {
    const void *lock;          /* NULL: none */
    const struct stack *stack; /* where it took it; NULL: not known */
    const void *pc;
    uint32_t serial; /* counts the needs of the thread */
    struct moment when;
};

#endif
