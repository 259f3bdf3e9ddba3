/* SPDX-License-Identifier: MIT */
/*
 * graph.h - a finding as a graph: threads and objects, who holds what and who waits for what
 *
 * Layer:    detector/cli/render
 * Memory:   the graph and its texts belong to the finding
 * Locking:  none
 * Errors:   a finding in which nobody waits has a graph without links
 *
 * A possible deadlock has its graph from the cycle in the lock-order graph, one that happened from what
 * its threads hold and wait for. Both read the same way: follow the links, and who comes back to where
 * he began waits for himself.
 */
#ifndef CLI_GRAPH_H
#define CLI_GRAPH_H

#include "detector/cli/finding/finding.h"

enum node_kind {
    NODE_THREAD,
    NODE_OBJECT,
    NODE_NOBODY, /* who would have to come, if there were anybody left */
};

enum link_kind {
    LINK_HELD_BY,   /* an object to the thread that holds it */
    LINK_WAITS_FOR, /* a thread to an object, or to a thread that it joins */
    LINK_NEEDS,     /* an object to a thread that could serve it, or to nobody */
};

struct node {
    enum node_kind kind;
    int id;             /* of the thread or object; 0: nobody, or a nil channel */
    const char *name;   /* whole, however long */
    const char *detail; /* what it is: `mutex`, `channel, unbuffered`, `goroutine` */
    bool stuck;
};

struct link {
    enum link_kind kind;
    size_t from, to;           /* indices of nodes */
    const struct stack *where; /* it was locked there, or waits there; NULL if that is not told */
};

enum { GRAPH_NODES = 32, GRAPH_LINKS = 96 };

struct graph {
    struct node *nodes;
    size_t node_count;
    struct link *links;
    size_t link_count;
    bool truncated; /* something did not fit */
    size_t most_nodes, most_links;
};

/* As much of it as a picture has room for: GRAPH_NODES, GRAPH_LINKS. */
struct graph graph_of(struct finding *f);

/* `held by`, `waits for`, `needs` */
const char *link_words(enum link_kind kind);

/* All of it. */
struct graph graph_whole(struct finding *f);

#endif
