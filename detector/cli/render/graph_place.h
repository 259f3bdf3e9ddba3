/* SPDX-License-Identifier: MIT */
/*
 * graph_place.h - where the nodes of a graph stand: one cell of a grid each
 *
 * Layer:    detector/cli/render
 * Memory:   the caller's pool
 * Locking:  none
 * Errors:   none: every node gets a cell, and no two the same
 */
#ifndef CLI_GRAPH_PLACE_H
#define CLI_GRAPH_PLACE_H

#include "detector/cli/render/graph.h"

struct cell {
    int column, row; /* from 0 */
};

/* One cell for each node of the graph. */
struct cell *graph_place(struct pool *pool, const struct graph *g);

#endif
