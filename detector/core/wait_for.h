/* SPDX-License-Identifier: MIT */
/*
 * wait_for.h - wait-for graph: which blocked threads can never run again
 *
 * Layer:    detector/core (pure: no pthread, no malloc, no I/O)
 * Memory:   all arrays are the caller's
 * Locking:  none
 * Errors:   none
 */
#ifndef GRIDLOCK_CORE_WAIT_FOR_H
#define GRIDLOCK_CORE_WAIT_FOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wait_node_state {
    NODE_RUNNING,  /* or in a timed wait, or in a system call: it can go on by itself */
    NODE_WAITS_ALL, /* goes on when all its successors have come so far (owner, readers, a join) */
    NODE_WAITS_ANY, /* goes on when any of them can run (condition, semaphore, barrier) */
    NODE_EXITED,    /* will never do anything again */
};

struct wait_node {
    enum wait_node_state state;
    bool dead;      /* result */
    uint32_t first; /* its successors are successors[first .. first + count) */
    uint32_t count;
};

/*
 * Reduces the graph: a node is alive if it runs, if it waits for all and all are alive, or if it
 * waits for any and one is. What is left when nothing changes any more is dead: cycles and knots
 * alike (Knapp 1987). Sets dead of each node; an exited node is dead as a successor only and
 * reported as not dead. Returns how many nodes are dead.
 */
uint32_t wait_for_reduce(struct wait_node *nodes, uint32_t count, const uint32_t *successors);

/*
 * Which of the dead are the reason, and not merely waiting behind them? Those that can reach no
 * dead node that cannot reach them back: the knots and the dead ends. Requires: wait_for_reduce().
 * reach: count * count bytes of scratch. Sets core[i].
 */
void wait_for_core(const struct wait_node *nodes, uint32_t count, const uint32_t *successors,
                   uint8_t *reach, bool *core);

/*
 * The same for very many threads, in little time: takes away, again and again, who waits for a dead
 * node and is not waited for itself. What lies between two knots stays in. waiters: count words
 * of scratch.
 */
void wait_for_core_trimmed(const struct wait_node *nodes, uint32_t count,
                           const uint32_t *successors, uint32_t *waiters, bool *core);

#endif
