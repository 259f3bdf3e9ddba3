/* SPDX-License-Identifier: MIT */
/*
 * Does a new edge of the lock-order graph contradict the order so far?
 *
 * Pearce and Kelly, "A Dynamic Topological Sort Algorithm for Directed Acyclic Graphs" (2006):
 *
 * 1. An edge from -> to with rank(from) < rank(to) fits: nothing to do. That is nearly always so.
 * 2. Else the ranks between rank(to) and rank(from) are the affected region: search forwards from
 *    `to` and backwards from `from` inside it. If the forward search meets `from`, the edge closes
 *    a cycle: it is kept, marked `back`, and left out of the order.
 * 3. Else give the vertices found the same ranks again, those found backwards first.
 *
 * Invariant (topo_order_check): for each edge that is not `back`, rank(from) < rank(to).
 */
#include "detector/core/arena.h"
#include "detector/core/lock_order.h"


/* The vertices of one search. Grows; kept between searches, as they come one at a time. */
struct vertex_list {
    uint32_t *items;
    unsigned count, capacity;
};

static struct vertex_list forward, backward, pending;

static bool push(struct vertex_list *list, uint32_t vertex)
{
    if (!arena_grow((void **)&list->items, &list->capacity, list->count + 1, sizeof vertex))
        return false;
    list->items[list->count++] = vertex;
    return true;
}

static bool visit(struct lock_order *order, struct vertex_list *found, uint32_t vertex)
{
    if (order->vertices[vertex].mark == order->last_mark)
        return true;
    order->vertices[vertex].mark = order->last_mark;
    return push(found, vertex) && push(&pending, vertex);
}

/* All vertices up to rank `highest` that `start` leads to. True: `target` is among them. */
static bool search_forward(struct lock_order *order, uint32_t start, int32_t highest,
                           uint32_t target)
{
    order->last_mark++;
    forward.count = pending.count = 0;
    visit(order, &forward, start);
    while (pending.count) {
        struct order_edge *edge = order->vertices[pending.items[--pending.count]].out;

        for (; edge; edge = edge->next_out) {
            if (edge->back || order->vertices[edge->to].rank > highest)
                continue;
            if (edge->to == target)
                return true;
            visit(order, &forward, edge->to);
        }
    }
    return false;
}

static void search_backward(struct lock_order *order, uint32_t start, int32_t lowest)
{
    order->last_mark++;
    backward.count = pending.count = 0;
    visit(order, &backward, start);
    while (pending.count) {
        struct order_edge *edge = order->vertices[pending.items[--pending.count]].in;

        for (; edge; edge = edge->next_in)
            if (!edge->back && order->vertices[edge->from].rank >= lowest)
                visit(order, &backward, edge->from);
    }
}

/* Heap sort's job on small lists; insertion would do, but regions can be thousands long. */
static void sort(uint32_t *items, unsigned count, const struct order_vertex *vertices)
{
    for (unsigned gap = count / 2; gap; gap /= 2)
        for (unsigned i = gap; i < count; i++) {
            uint32_t item = items[i];
            unsigned j = i;

#define SORT_KEY(x) (vertices ? vertices[x].rank : (int32_t)(x))
            for (; j >= gap && SORT_KEY(items[j - gap]) > SORT_KEY(item); j -= gap)
                items[j] = items[j - gap];
#undef SORT_KEY
            items[j] = item;
        }
}

/* Step 3. `pending` serves as the pool of ranks. */
static void reorder(struct lock_order *order)
{
    unsigned next = 0;

    sort(backward.items, backward.count, order->vertices);
    sort(forward.items, forward.count, order->vertices);
    pending.count = 0;
    for (unsigned i = 0; i < backward.count; i++)
        push(&pending, (uint32_t)order->vertices[backward.items[i]].rank);
    for (unsigned i = 0; i < forward.count; i++)
        push(&pending, (uint32_t)order->vertices[forward.items[i]].rank);
    sort(pending.items, pending.count, NULL);
    for (unsigned i = 0; i < backward.count; i++)
        order->vertices[backward.items[i]].rank = (int32_t)pending.items[next++];
    for (unsigned i = 0; i < forward.count; i++)
        order->vertices[forward.items[i]].rank = (int32_t)pending.items[next++];
}

void topo_order_insert(struct lock_order *order, struct order_edge *edge)
{
    struct order_vertex *from = &order->vertices[edge->from], *to = &order->vertices[edge->to];

    if (from->rank < to->rank)
        return;
    if (edge->from == edge->to || search_forward(order, edge->to, from->rank, edge->from)) {
        edge->back = true;
        order->back_edges++;
        return;
    }
    search_backward(order, edge->from, to->rank);
    reorder(order);
}

bool topo_order_reaches(struct lock_order *order, uint32_t from, uint32_t to)
{
    if (!order->back_edges && order->vertices[from].rank >= order->vertices[to].rank)
        return from == to;
    order->last_mark++;
    forward.count = pending.count = 0;
    visit(order, &forward, from);
    while (pending.count) {
        struct order_edge *edge = order->vertices[pending.items[--pending.count]].out;

        for (; edge; edge = edge->next_out) {
            if (edge->to == to)
                return true;
            if (order->steps)
                order->steps--;
            else
                return false;
            visit(order, &forward, edge->to);
        }
    }
    return false;
}

void topo_order_mark_leading_to(struct lock_order *order, uint32_t vertex)
{
    backward.count = pending.count = 0;
    visit(order, &backward, vertex);
    while (pending.count) {
        struct order_edge *edge = order->vertices[pending.items[--pending.count]].in;

        for (; edge; edge = edge->next_in)
            visit(order, &backward, edge->from);
    }
}

bool topo_order_check(const struct lock_order *order)
{
    for (unsigned v = 1; v < order->vertex_count; v++)
        for (struct order_edge *edge = order->vertices[v].out; edge; edge = edge->next_out)
            if (!edge->back && order->vertices[v].rank >= order->vertices[edge->to].rank)
                return false;
    return true;
}
