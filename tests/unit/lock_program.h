/* SPDX-License-Identifier: MIT */
/*
 * lock_program.h - a program that takes locks, as the lock-order graph sees it
 *
 * Layer:    tests/unit, for test_lock_order*.c
 * Memory:   one static program; end_program() leaves nothing of it
 * Locking:  one thread
 * Errors:   fails the test
 */
#ifndef GRIDLOCK_TESTS_LOCK_PROGRAM_H
#define GRIDLOCK_TESTS_LOCK_PROGRAM_H

#include "detector/core/held.h"
#include "detector/core/lock_order.h"

enum { THREADS = 24, LOCKS = 20 };

extern struct lock_order order;
extern struct order_clock clocks[THREADS];

/* A setup for cmocka: starts from nothing, also after a test that failed half way. */
int begin_program(void **state);
/* Destroys all locks and ends all threads: nothing may be left of them in the graph. */
void end_program(void);

/* The vertex of a lock, made on first use and after remove_lock(). */
uint32_t vertex_of(unsigned lock);
void remove_lock(unsigned lock);

/* As event_nested() makes it: equal lists have equal keys. */
uint64_t demand_key(const struct acquisition *all, uint32_t held_count);
/* `thread` asks for all[held_count] while it holds the others. */
void add_demand(unsigned thread, struct acquisition *all, uint32_t held_count,
                struct lock_cycle *cycle);
/* `from` creates `to`, is joined by it, or hands something over to it. */
void hand_over(unsigned from, unsigned to);

/* Fails the test if the links are no cycle or, for CYCLE_POSSIBLE, if a rule forbids it. */
void check_cycle(const struct lock_cycle *cycle);

#endif
