/* SPDX-License-Identifier: MIT */
/*
 * reduce.h - wait-for graph of one look: which threads can never run again
 *
 * Layer:    detector/cli/attach (pure)
 * Memory:   the arrays are the caller's
 * Locking:  none
 * Errors:   none
 *
 * What memory tells of a wait is less than what the library sees: a lock and a join name the one
 * thread that can end them, everything else may be ended by anybody who runs.
 */
#ifndef CLI_ATTACH_REDUCE_H
#define CLI_ATTACH_REDUCE_H

#include <stdbool.h>
#include <stddef.h>

enum wait_end {
    ENDS_BY_ITSELF,  /* it runs, or sleeps for a time, or in a system call */
    ENDS_BY_OWNER,   /* when that thread has come so far */
    ENDS_BY_ANYBODY, /* when any other thread, or somebody outside, does something */
    ENDS_NEVER,      /* who could end it has ended */
    HAS_ENDED,       /* the thread itself, for instance main after pthread_exit() */
};

struct wait_node {
    enum wait_end end;
    size_t owner; /* of ENDS_BY_OWNER: an index */
    /* results */
    bool dead;    /* can never run again */
    size_t group; /* of the dead that are the reason: who belongs together; else NO_GROUP */
};

enum { NO_GROUP = (size_t)-1 };

/* `outside`: somebody who is not in the graph may end a wait of ENDS_BY_ANYBODY. Returns how many
 * groups there are; they are numbered from 0. */
size_t wait_reduce(struct wait_node *nodes, size_t count, bool outside);

#endif
