/* SPDX-License-Identifier: MIT */
/*
 * In which orders are locks taken?
 *
 * 1. A demand "want w while holding H" is looked up by its key; a new one becomes a shape, with
 *    one edge h -> w for each h in H.
 * 2. The thread becomes an instance of the shape. Four instances are kept, the oldest is
 *    replaced: two that can run at the same time are all that a cycle needs of a shape.
 * 3. A new edge goes into the topological order. Only where there is an edge that contradicts
 *    the order can there be a cycle; only then is one searched for (lock_cycle.c).
 */
#include "detector/core/lock_order.h"

#include "detector/core/arena.h"

#include <string.h>

enum { MOST_SHAPES = 1 << 20, SEARCH_STEPS = 50000 };

uint32_t lock_order_vertex(struct lock_order *order, const void *lock)
{
    uint32_t vertex = order->free_vertex;

    if (vertex) {
        order->free_vertex = order->vertices[vertex].next_free;
    } else {
        vertex = order->vertex_count ? order->vertex_count : 1;
        if (!arena_grow((void **)&order->vertices, &order->vertex_capacity, vertex + 1,
                        sizeof *order->vertices))
            return 0;
        order->vertex_count = vertex + 1;
        order->vertices[vertex].rank = ++order->last_rank;
    }
    order->vertices[vertex].lock = lock;
    return vertex;
}

uint32_t lock_order_vertex_in_front(struct lock_order *order, const void *lock)
{
    bool is_fresh = !order->free_vertex; /* a number that is used again keeps its rank */
    uint32_t vertex = lock_order_vertex(order, lock);

    if (vertex && is_fresh)
        order->vertices[vertex].rank = --order->first_rank;
    return vertex;
}

/* --- hash tables: chains from power-of-two buckets, doubled when full --- */

static struct order_edge **edge_bucket(const struct lock_order *order, uint32_t from, uint32_t to)
{
    uint64_t hash = ((uint64_t)from << 32 | to) * UINT64_C(0x9e3779b97f4a7c15);

    return &order->edges[(hash >> 32) & (order->edge_capacity - 1)];
}

static bool grow_edges(struct lock_order *order)
{
    struct order_edge **old = order->edges;
    uint32_t capacity = order->edge_capacity, larger = capacity ? capacity * 2 : 64;
    struct order_edge **grown;

    if (order->edge_count < capacity)
        return true;
    grown = arena_alloc(larger * sizeof *grown);
    if (!grown)
        return false;
    order->edges = grown;
    order->edge_capacity = larger;
    for (uint32_t i = 0; i < capacity; i++)
        while (old[i]) {
            struct order_edge *edge = old[i], **bucket = edge_bucket(order, edge->from, edge->to);

            old[i] = edge->next_hash;
            edge->next_hash = *bucket;
            *bucket = edge;
        }
    arena_free(old, capacity * sizeof *old);
    return true;
}

static struct shape **shape_place(struct shape **table, uint32_t capacity, uint64_t key)
{
    uint32_t i = (uint32_t)(key >> 20) & (capacity - 1);

    while (table[i] && table[i]->key != key)
        i = (i + 1) & (capacity - 1);
    return &table[i];
}

static bool grow_shapes(struct lock_order *order)
{
    uint32_t capacity = order->shape_capacity, larger = capacity ? capacity * 2 : 64;
    struct shape **grown;

    if (order->shape_count * 2 < capacity)
        return true;
    grown = arena_alloc(larger * sizeof *grown);
    if (!grown)
        return false;
    for (uint32_t i = 0; i < capacity; i++)
        if (order->shapes[i])
            *shape_place(grown, larger, order->shapes[i]->key) = order->shapes[i];
    arena_free(order->shapes, capacity * sizeof *order->shapes);
    order->shapes = grown;
    order->shape_capacity = larger;
    return true;
}

struct shape *lock_order_find(const struct lock_order *order, uint64_t key)
{
    return order->shape_capacity ? *shape_place(order->shapes, order->shape_capacity, key) : NULL;
}

/* Linear probing: what stood behind the hole moves up to where a search would find it. */
static void forget_key(struct lock_order *order, uint64_t key)
{
    uint32_t mask = order->shape_capacity - 1;
    struct shape **hole = shape_place(order->shapes, order->shape_capacity, key);
    uint32_t i = (uint32_t)(hole - order->shapes);

    *hole = NULL;
    order->shape_count--;
    for (i = (i + 1) & mask; order->shapes[i]; i = (i + 1) & mask) {
        struct shape *moved = order->shapes[i];

        order->shapes[i] = NULL;
        *shape_place(order->shapes, order->shape_capacity, moved->key) = moved;
    }
}

/* --- edges --- */

/* The vertices' lists are long where one lock is taken before thousands of others: an edge leaves
 * them in one step. The vertices may move in memory, so their heads are not pointed to. */
static void link_edge(struct lock_order *order, struct order_edge *edge)
{
    struct order_vertex *from = &order->vertices[edge->from], *to = &order->vertices[edge->to];

    edge->next_out = from->out;
    edge->next_in = to->in;
    if (from->out)
        from->out->link_out = &edge->next_out;
    if (to->in)
        to->in->link_in = &edge->next_in;
    from->out = to->in = edge;
}

static void unlink_edge(struct lock_order *order, struct order_edge *edge)
{
    *(edge->link_out ? edge->link_out : &order->vertices[edge->from].out) = edge->next_out;
    *(edge->link_in ? edge->link_in : &order->vertices[edge->to].in) = edge->next_in;
    if (edge->next_out)
        edge->next_out->link_out = edge->link_out;
    if (edge->next_in)
        edge->next_in->link_in = edge->link_in;
}

static struct order_edge *edge_get(struct lock_order *order, uint32_t from, uint32_t to)
{
    struct order_edge *edge, **bucket;

    if (!grow_edges(order))
        return NULL;
    bucket = edge_bucket(order, from, to);
    for (edge = *bucket; edge; edge = edge->next_hash)
        if (edge->from == from && edge->to == to)
            return edge;
    edge = arena_alloc(sizeof *edge);
    if (!edge)
        return NULL;
    *edge = (struct order_edge){.from = from,
                                .to = to,
                                .next_hash = *bucket};
    topo_order_insert(order, edge);
    *bucket = edge;
    link_edge(order, edge);
    order->edge_count++;
    return edge;
}

static void edge_remove(struct lock_order *order, struct order_edge *edge)
{
    struct order_edge **link = edge_bucket(order, edge->from, edge->to);

    while (*link != edge)
        link = &(*link)->next_hash;
    *link = edge->next_hash;
    unlink_edge(order, edge);
    order->back_edges -= edge->back;
    order->edge_count--;
    arena_free(edge, sizeof *edge);
}

static void unlist(struct order_edge *edge, const struct shape *shape)
{
    struct edge_shape **link = &edge->shapes;

    while (*link && (*link)->shape != shape)
        link = &(*link)->next;
    if (*link) {
        struct edge_shape *gone = *link;

        *link = gone->next;
        arena_free(gone, sizeof *gone);
    }
}

/* --- shapes and instances --- */

static size_t shape_bytes(uint32_t held_count)
{
    return sizeof(struct shape) + (held_count + 1) * sizeof(struct shape_lock);
}

static size_t instance_bytes(uint32_t held_count)
{
    return sizeof(struct instance) + (held_count + 1) * sizeof(struct acquisition);
}

static void instance_free(struct instance *instance, uint32_t held_count)
{
    if (instance)
        order_stamp_drop(&instance->stamp);
    arena_free(instance, instance_bytes(held_count));
}

static void shape_remove(struct lock_order *order, struct shape *shape)
{
    uint32_t wanted = shape->all[shape->held_count].vertex;

    for (uint32_t i = 0; i < shape->held_count; i++) {
        struct order_edge *edge;

        if (shape->all[i].gate_only)
            continue;
        edge = *edge_bucket(order, shape->all[i].vertex, wanted);
        while (edge && (edge->from != shape->all[i].vertex || edge->to != wanted))
            edge = edge->next_hash;
        if (!edge)
            continue;
        unlist(edge, shape);
        if (!edge->shapes)
            edge_remove(order, edge);
    }
    forget_key(order, shape->key);
    for (uint32_t i = 0; i < shape->instance_count; i++)
        instance_free(shape->instances[i], shape->held_count);
    arena_free(shape, shape_bytes(shape->held_count));
}

static struct shape *shape_new(struct lock_order *order, uint64_t key,
                               const struct acquisition *all, uint32_t held_count)
{
    struct shape *shape;

    if (order->shape_count >= MOST_SHAPES || !grow_shapes(order))
        return NULL;
    shape = arena_alloc(shape_bytes(held_count));
    if (!shape)
        return NULL;
    shape->key = key;
    shape->held_count = held_count;
    shape->serial = ++order->last_serial;
    for (uint32_t i = 0; i <= held_count; i++)
        shape->all[i] = (struct shape_lock){all[i].vertex, all[i].mode, all[i].gate_only};
    *shape_place(order->shapes, order->shape_capacity, key) = shape;
    order->shape_count++;
    for (uint32_t i = 0; i < held_count; i++) {
        struct order_edge *edge;
        struct edge_shape *entry;

        order->vertices[all[i].vertex].was_gate |= all[i].gate_only;
        if (all[i].gate_only || !(edge = edge_get(order, all[i].vertex, all[held_count].vertex)))
            continue;
        entry = arena_alloc(sizeof *entry);
        if (!entry)
            continue;
        *entry = (struct edge_shape){.next = edge->shapes, .shape = shape, .held = i};
        edge->shapes = entry;
    }
    return shape;
}

void lock_order_remove(struct lock_order *order, uint32_t vertex)
{
    struct order_vertex *gone = &order->vertices[vertex];

    while (gone->out || gone->in) {
        struct order_edge *edge = gone->out ? gone->out : gone->in;

        if (edge->shapes)
            shape_remove(order, edge->shapes->shape);
        else
            edge_remove(order, edge);
    }
    gone->lock = NULL;
    gone->readers_queue = false;
    if (gone->was_gate)
        return;
    gone->next_free = order->free_vertex;
    order->free_vertex = vertex;
}

void lock_order_readers_queue(struct lock_order *order, uint32_t vertex, struct lock_cycle *cycle)
{
    cycle->verdict = CYCLE_NONE;
    order->vertices[vertex].readers_queue = true;
    if (!order->back_edges)
        return;
    order->steps = SEARCH_STEPS;
    for (struct order_edge *edge = order->vertices[vertex].out; edge; edge = edge->next_out)
        for (struct edge_shape *entry = edge->shapes; entry; entry = entry->next)
            for (uint32_t i = 0; i < entry->shape->instance_count; i++) {
                if (cycle->verdict == CYCLE_POSSIBLE)
                    return;
                lock_cycle_search(order, entry->shape, entry->shape->instances[i], cycle);
            }
    order->given_up += !order->steps;
}

static struct instance *instance_for(struct shape *shape, uint32_t thread)
{
    for (uint32_t i = 0; i < shape->instance_count; i++)
        if (shape->instances[i]->thread == thread)
            return shape->instances[i];
    return NULL;
}

static struct instance *instance_add(struct shape *shape, uint32_t thread)
{
    struct instance *instance = arena_alloc(instance_bytes(shape->held_count));

    if (!instance)
        return NULL;
    if (shape->instance_count < INSTANCES) {
        shape->instances[shape->instance_count++] = instance;
    } else {
        instance_free(shape->instances[shape->next_instance], shape->held_count);
        shape->instances[shape->next_instance] = instance;
        shape->next_instance = (shape->next_instance + 1) % INSTANCES;
    }
    instance->thread = thread;
    return instance;
}

void lock_order_add(struct lock_order *order, uint64_t key, const struct acquisition *all,
                    uint32_t held_count, uint32_t thread, struct order_stamp stamp,
                    struct lock_cycle *cycle)
{
    struct shape *shape = lock_order_find(order, key);
    struct instance *instance = NULL;

    cycle->verdict = CYCLE_NONE;
    if (!shape)
        shape = shape_new(order, key, all, held_count);
    if (shape && shape->held_count == held_count) {
        instance = instance_for(shape, thread);
        if (instance && instance->stamp.slot == stamp.slot && instance->stamp.tick == stamp.tick &&
            instance->stamp.known == stamp.known) {
            order_stamp_drop(&stamp);
            return;
        }
        if (instance)
            order_stamp_drop(&instance->stamp);
        else
            instance = instance_add(shape, thread);
    }
    if (!instance) {
        order_stamp_drop(&stamp);
        order->dropped++;
        return;
    }
    instance->stamp = stamp;
    memcpy(instance->all, all, (held_count + 1) * sizeof *all);
    if (!order->back_edges)
        return;
    order->steps = SEARCH_STEPS;
    lock_cycle_search(order, shape, instance, cycle);
    order->given_up += !order->steps;
}
