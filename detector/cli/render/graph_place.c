/* SPDX-License-Identifier: MIT */
/*
 * graph_place.c - where do the nodes of a graph stand?
 *
 * A reader follows the links and should see at once whether they come back. So, for each connected
 * part of the graph:
 * 1. Its longest cycle becomes a ring of two columns: down on the right side, up on the left. Two
 *    columns, since names are wide and screens are narrow.
 * 2. Whoever only waits for the ring stands outside, beside the one that he waits for.
 * 3. A part without a cycle reads from left to right: each node stands one column before the first one
 *    that it leads to, and as near as possible to its row. Where that takes too many columns it reads
 *    from top to bottom.
 * Parts stand below each other. Looking for the longest cycle takes a bounded number of steps; a
 * shorter one is as true.
 */
#include "detector/cli/render/graph_place.h"

#include <string.h>

enum { MOST_STEPS = 20000, MOST_COLUMNS = 4, UNPLACED = -1000 };

struct placing {
    const struct graph *g;
    struct cell *cells;
    bool member[GRAPH_NODES]; /* of the part that is placed now */
    size_t path[GRAPH_NODES], cycle[GRAPH_NODES];
    size_t length, cycle_length;
    bool on_path[GRAPH_NODES];
    int steps;
};

static bool is_placed(const struct placing *p, size_t node)
{
    return p->cells[node].row != UNPLACED;
}

/* ---------------------------------------------------------------- the longest cycle */

static void keep_cycle(struct placing *p)
{
    if (p->length <= p->cycle_length)
        return;
    p->cycle_length = p->length;
    memcpy(p->cycle, p->path, p->length * sizeof(p->path[0]));
}

/* Every cycle is found from its node with the lowest number. */
static void walk(struct placing *p, size_t node)
{
    p->path[p->length++] = node;
    p->on_path[node] = true;
    for (size_t i = 0; i < p->g->link_count && p->steps > 0; i++) {
        const struct link *link = &p->g->links[i];

        if (link->from != node)
            continue;
        p->steps--;
        if (link->to == p->path[0])
            keep_cycle(p);
        else if (link->to > p->path[0] && !p->on_path[link->to])
            walk(p, link->to);
    }
    p->on_path[node] = false;
    p->length--;
}

static void find_cycle(struct placing *p)
{
    p->cycle_length = 0;
    p->steps = MOST_STEPS;
    for (size_t i = 0; i < p->g->node_count; i++)
        if (p->member[i])
            walk(p, i);
}

/* ---------------------------------------------------------------- cells */

static bool is_free(const struct placing *p, int column, int row)
{
    for (size_t i = 0; i < p->g->node_count; i++)
        if (p->member[i] && is_placed(p, i) && p->cells[i].column == column &&
            p->cells[i].row == row)
            return false;
    return true;
}

/* The wanted row, or the free one that is nearest to it. */
static void put_near(struct placing *p, size_t node, int column, int row)
{
    int away = 0;

    while (!is_free(p, column, row + away))
        away = away > 0 ? -away : 1 - away;
    p->cells[node] = (struct cell){column, row + away};
}

/* In the order of the cycle: 0 and 1 on top, down on the right, up on the left. */
static void put_ring(struct placing *p)
{
    size_t right = p->cycle_length / 2;

    for (size_t i = 0; i < p->cycle_length; i++) {
        bool is_right = i >= 1 && i <= right;

        p->cells[p->cycle[i]] = (struct cell){is_right, i == 0     ? 0
                                                        : is_right ? (int)i - 1
                                                                   : (int)(p->cycle_length - i)};
    }
}

/* One more node beside a neighbour that stands already; false if there is none. */
static bool put_beside(struct placing *p)
{
    for (size_t i = 0; i < p->g->link_count; i++) {
        size_t from = p->g->links[i].from, to = p->g->links[i].to;
        size_t fresh = is_placed(p, to) ? from : to, other = fresh == from ? to : from;

        if (!p->member[fresh] || is_placed(p, fresh) || !is_placed(p, other))
            continue;
        put_near(p, fresh, p->cells[other].column + (p->cells[other].column <= 0 ? -1 : 1),
                 p->cells[other].row);
        return true;
    }
    return false;
}

/* ---------------------------------------------------------------- without a cycle */

/* The longest way from a node to one that leads nowhere. */
static void measure_depths(const struct placing *p, int *depths)
{
    for (size_t round = 0; round < p->g->node_count; round++)
        for (size_t i = 0; i < p->g->link_count; i++) {
            const struct link *link = &p->g->links[i];

            if (p->member[link->from] && link->from != link->to &&
                depths[link->from] <= depths[link->to] && depths[link->to] < (int)p->g->node_count)
                depths[link->from] = depths[link->to] + 1;
        }
}

/* The middle of the rows that the node leads to. */
static int wanted_row(const struct placing *p, size_t node)
{
    int sum = 0, count = 0;

    for (size_t i = 0; i < p->g->link_count; i++)
        if (p->g->links[i].from == node && is_placed(p, p->g->links[i].to)) {
            sum += p->cells[p->g->links[i].to].row;
            count++;
        }
    return count == 0 ? 0 : sum / count;
}

/* The nodes of one depth: they get the nearest rows, and then stand in these in their own order. */
static void put_column(struct placing *p, const int *depths, int depth, int column)
{
    size_t nodes[GRAPH_NODES], count = 0;
    int wanted[GRAPH_NODES];

    for (size_t i = 0; i < p->g->node_count; i++) {
        size_t at = count;

        if (!p->member[i] || depths[i] != depth)
            continue;
        for (wanted[i] = wanted_row(p, i); at > 0 && wanted[nodes[at - 1]] > wanted[i]; at--)
            nodes[at] = nodes[at - 1];
        nodes[at] = i;
        count++;
    }
    for (size_t i = 0; i < count; i++)
        put_near(p, nodes[i], column, wanted[nodes[i]]);
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++)
            if (p->cells[nodes[k]].row < p->cells[nodes[i]].row) {
                struct cell lower = p->cells[nodes[i]];

                p->cells[nodes[i]] = p->cells[nodes[k]];
                p->cells[nodes[k]] = lower;
            }
}

static int put_columns(struct placing *p)
{
    int depths[GRAPH_NODES] = {0}, deepest = 0;

    measure_depths(p, depths);
    for (size_t i = 0; i < p->g->node_count; i++)
        if (p->member[i] && depths[i] > deepest)
            deepest = depths[i];
    for (int depth = 0; depth <= deepest; depth++)
        put_column(p, depths, depth, deepest - depth);
    return deepest + 1;
}

static void transpose(struct placing *p)
{
    for (size_t i = 0; i < p->g->node_count; i++)
        if (p->member[i])
            p->cells[i] = (struct cell){p->cells[i].row, p->cells[i].column};
}

/* ---------------------------------------------------------------- the parts */

static void choose_part(struct placing *p, size_t first)
{
    bool grown = true;

    memset(p->member, 0, sizeof(p->member));
    p->member[first] = true;
    while (grown) {
        grown = false;
        for (size_t i = 0; i < p->g->link_count; i++) {
            bool *from = &p->member[p->g->links[i].from], *to = &p->member[p->g->links[i].to];

            grown = grown || *from != *to;
            *from = *to = *from || *to;
        }
    }
}

/* Moves the part so that its first column is 0 and its first row `row`; returns the row below it. */
static int move_part(struct placing *p, int row)
{
    struct cell least = {GRAPH_NODES, GRAPH_NODES};
    int below = row;

    for (size_t i = 0; i < p->g->node_count; i++) {
        if (p->member[i] && p->cells[i].column < least.column)
            least.column = p->cells[i].column;
        if (p->member[i] && p->cells[i].row < least.row)
            least.row = p->cells[i].row;
    }
    for (size_t i = 0; i < p->g->node_count; i++) {
        if (!p->member[i])
            continue;
        p->cells[i].column -= least.column;
        p->cells[i].row += row - least.row;
        below = p->cells[i].row >= below ? p->cells[i].row + 1 : below;
    }
    return below;
}

static void place_part(struct placing *p)
{
    find_cycle(p);
    if (p->cycle_length < 2) {
        if (put_columns(p) > MOST_COLUMNS)
            transpose(p);
        return;
    }
    put_ring(p);
    while (put_beside(p))
        ;
}

struct cell *graph_place(struct pool *pool, const struct graph *g)
{
    struct placing p = {.g = g, .cells = pool_array(pool, g->node_count + 1, sizeof(*p.cells))};
    int row = 0;

    for (size_t i = 0; i < g->node_count; i++)
        p.cells[i] = (struct cell){UNPLACED, UNPLACED};
    for (size_t i = 0; i < g->node_count; i++) {
        if (is_placed(&p, i))
            continue;
        choose_part(&p, i);
        place_part(&p);
        row = move_part(&p, row);
    }
    return p.cells;
}
