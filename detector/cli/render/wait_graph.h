/* SPDX-License-Identifier: MIT */
/*
 * wait_graph.h - the wait-for graph of a finding, as a picture shows it
 *
 * Layer:    detector/cli/render
 * Memory:   nodes, edges and texts belong to the finding
 * Locking:  none
 * Errors:   none; a finding in which nobody waits has nodes and no edges
 *
 * An edge goes from who needs to what is needed: thread --waits for--> object --held by--> thread. So a
 * deadlock of locks is a cycle of arrows. Of a possible one it shows the orders that contradict each
 * other: the lock-order graph, by its threads.
 */
#ifndef CLI_WAIT_GRAPH_H
#define CLI_WAIT_GRAPH_H

#include "detector/cli/finding/finding.h"

enum edge_kind {
    WAITS_FOR, /* thread -> object, or thread -> thread (join) */
    HELD_BY,   /* object -> thread */
    ENDED_BY   /* object -> thread that could end the wait: who receives, signals, posts */
};

struct graph_node {
    const char *id;   /* `t2`, `o1`; unique within the finding, letters and digits */
    bool is_thread;   /* else an object */
    int number;       /* of the thread or object; 0: a nil channel */
    const char *name; /* the program's own */
    const char *kind; /* `thread`, `goroutine`, `mutex`, ... */
    bool stuck;       /* a thread that is part of it */
};

struct graph_edge {
    enum edge_kind kind;
    size_t from, to;   /* indices of nodes */
    const char *label; /* `lock bank.c:31`, as much as is known */
};

struct wait_graph {
    struct graph_node *nodes;
    size_t node_count;
    struct graph_edge *edges;
    size_t edge_count;
};

struct wait_graph wait_graph_of(struct finding *f);

/* `waits for`, `held by`, `could be ended by` */
const char *edge_words(enum edge_kind kind);

#endif
