/* SPDX-License-Identifier: MIT */
/*
 * order.h - happens-before between threads: create, join, and hand-over by semaphore, condition
 *           and barrier; not by locks, whose order is what is in question
 *
 * Layer:    detector/core (pure)
 * Memory:   vectors are shared and counted; they come from the arena
 * Locking:  the detector's lock must be held for every call
 * Errors:   no memory, or more than ORDER_SLOTS threads with dependencies: the order is unknown,
 *           and order_before() answers true (say less)
 *
 * Vector clocks (Fidge 1988, Mattern 1989) that tick only when a thread has recorded a
 * dependency since it last let others know; a thread that never nests locks has none.
 */
#ifndef GRIDLOCK_CORE_ORDER_H
#define GRIDLOCK_CORE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

enum { ORDER_SLOTS = 4096, ORDER_NONE = 0 };

struct order_vector {
    uint32_t references;
    uint32_t size;
    uint32_t ticks[]; /* by slot */
};

struct order_clock {
    uint32_t slot; /* ORDER_NONE: this thread recorded nothing yet */
    uint32_t tick; /* of its next dependency */
    bool stamped;  /* a dependency has this tick: the next release moves it on */
    struct order_vector *known; /* what happened before now; NULL: nothing that was recorded */
};

/* When a dependency was recorded. */
struct order_stamp {
    uint32_t slot, tick;
    struct order_vector *known;
};

/* Moves on whenever anything that any thread or object knows changes. While it stands, publishing
 * or accepting the same again changes nothing. */
extern uint32_t order_epoch;

/* The stamp of a dependency that the clock's thread records now. Give it back with
 * order_stamp_drop(). */
struct order_stamp order_stamp_take(struct order_clock *clock);
void order_stamp_drop(struct order_stamp *stamp);

/* Is `a` known to have happened before `b`? */
bool order_before(const struct order_stamp *a, const struct order_stamp *b);

/* A release: adds all that happened before now to *into (a semaphore's, a child's, ... vector). */
void order_publish(struct order_clock *clock, struct order_vector **into);
/* An acquire: what is in `from` has happened before. */
void order_accept(struct order_clock *clock, const struct order_vector *from);

/* The thread is over: its slot may be used again when no stamp names it. */
void order_clock_end(struct order_clock *clock);
void order_vector_drop(struct order_vector **vector);

#endif
