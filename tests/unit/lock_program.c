/* SPDX-License-Identifier: MIT */
/*
 * What does the lock-order graph get to see of a program? Its threads' clocks, its locks' vertices,
 * its demands. And what must be true of every cycle that the graph answers with?
 */
#include "tests/unit/lock_program.h"

#include "tests/unit/unit.h"

struct lock_order order;
struct order_clock clocks[THREADS];
static uint32_t vertices[LOCKS];
static char locks[LOCKS]; /* only their addresses matter */

uint32_t vertex_of(unsigned lock)
{
    if (!vertices[lock]) {
        vertices[lock] = lock_order_vertex(&order, &locks[lock]);
        order.vertices[vertices[lock]].readers_queue = false; /* as event.c does */
    }
    return vertices[lock];
}

void remove_lock(unsigned lock)
{
    if (vertices[lock])
        lock_order_remove(&order, vertices[lock]);
    vertices[lock] = 0;
}

int begin_program(void **state)
{
    (void)state;
    memset(&order, 0, sizeof order);
    memset(clocks, 0, sizeof clocks);
    memset(vertices, 0, sizeof vertices);
    return 0;
}

void end_program(void)
{
    for (unsigned i = 0; i < LOCKS; i++)
        remove_lock(i);
    for (unsigned i = 0; i < THREADS; i++)
        order_clock_end(&clocks[i]);
    assert_int_equal(order.shape_count, 0); /* nothing outlives its locks */
    assert_int_equal(order.edge_count, 0);
    assert_int_equal(order.back_edges, 0);
    assert_int_equal(order.dropped, 0);
    assert_int_equal(order.given_up, 0);
    begin_program(NULL);
}

uint64_t demand_key(const struct acquisition *all, uint32_t held_count)
{
    uint64_t key = held_count;

    for (uint32_t i = 0; i <= held_count; i++)
        key = (key ^ (uint64_t)(all[i].vertex << 2 | all[i].gate_only << 1 | all[i].mode)) *
              UINT64_C(0x9e3779b97f4a7c15);
    return key ^ key >> 32;
}

void add_demand(unsigned thread, struct acquisition *all, uint32_t held_count,
                struct lock_cycle *cycle)
{
    struct order_stamp stamp = order_stamp_take(&clocks[thread]);

    lock_order_add(&order, demand_key(all, held_count), all, held_count, thread, stamp, cycle);
}

void hand_over(unsigned from, unsigned to)
{
    struct order_vector *message = NULL;

    order_publish(&clocks[from], &message);
    order_accept(&clocks[to], message);
    order_vector_drop(&message);
}

/* --- what every cycle must fulfil, whatever became of it --- */

static const struct shape_lock *wanted(const struct cycle_link *link)
{
    return &link->shape->all[link->shape->held_count];
}

static bool exclude(const struct shape_lock *a, const struct shape_lock *b)
{
    return a->mode == MODE_EXCLUSIVE || b->mode == MODE_EXCLUSIVE;
}

/* Who has the i-th held lock: the thread, or its creator for it. */
static uintptr_t holder(const struct cycle_link *link, uint32_t i)
{
    return link->shape->all[i].gate_only ? link->instance->all[i].creator : link->instance->thread;
}

static void check_pair(const struct cycle_link *a, const struct cycle_link *b)
{
    assert_int_not_equal(a->instance->thread, b->instance->thread);
    assert_false(order_before(&a->instance->stamp, &b->instance->stamp));
    assert_false(order_before(&b->instance->stamp, &a->instance->stamp));
    for (uint32_t i = 0; i < a->shape->held_count; i++)
        for (uint32_t k = 0; k < b->shape->held_count; k++)
            assert_false(a->shape->all[i].vertex == b->shape->all[k].vertex &&
                         holder(a, i) != holder(b, k) &&
                         exclude(&a->shape->all[i], &b->shape->all[k]));
}

void check_cycle(const struct lock_cycle *cycle)
{
    if (cycle->verdict == CYCLE_NONE)
        return;
    assert_in_range(cycle->length, 2, CYCLE_LONGEST);
    for (uint32_t i = 0; i < cycle->length; i++) {
        const struct cycle_link *link = &cycle->links[i];
        const struct cycle_link *next = &cycle->links[(i + 1) % cycle->length];

        assert_non_null(link->instance); /* a report names a thread for each link */
        assert_int_equal(wanted(link)->vertex, next->shape->all[next->held].vertex);
        assert_int_equal(link->instance->all[link->held].vertex,
                         link->shape->all[link->held].vertex);
    }
    if (cycle->verdict != CYCLE_POSSIBLE)
        return;
    for (uint32_t i = 0; i < cycle->length; i++)
        for (uint32_t k = 0; k < i; k++)
            check_pair(&cycle->links[i], &cycle->links[k]);
    for (uint32_t i = 0; i < cycle->length; i++) {
        const struct cycle_link *next = &cycle->links[(i + 1) % cycle->length];

        assert_true(exclude(wanted(&cycle->links[i]), &next->shape->all[next->held]) ||
                    order.vertices[wanted(&cycle->links[i])->vertex].readers_queue);
    }
}
