/* SPDX-License-Identifier: MIT */
/*
 * graph_route.h - the links of a graph as lines that go around its boxes
 *
 * Layer:    detector/cli/render
 * Memory:   the caller's pool
 * Locking:  none
 * Errors:   none
 */
#ifndef CLI_GRAPH_ROUTE_H
#define CLI_GRAPH_ROUTE_H

#include "detector/cli/render/graph_place.h"

struct box {
    int width, height; /* at least as large as the caller says */
    int x, y;          /* the answer */
    struct cell cell;
};

struct point {
    int x, y;
};

enum { ROUTE_POINTS = 8 };

struct route { /* from the edge of a box to the edge of a box; every piece is level or upright */
    struct point points[ROUTE_POINTS];
    size_t count;
};

struct picture {
    struct box *boxes;    /* one for each node */
    struct route *routes; /* one for each link */
    int width, height;
};

/* Requires: picture->boxes have their sizes and cells. */
void graph_route(struct pool *pool, const struct graph *g, struct picture *picture);

#endif
