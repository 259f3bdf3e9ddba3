/* SPDX-License-Identifier: MIT */
/*
 * Does the topological order stay one? Thousands of random edges and removed vertices, compared
 * with a matrix: an edge is `back` exactly if the edges that are not `back` lead from its end to
 * its start already.
 */
#include "tests/unit/unit.h"

#include "detector/core/lock_order.h"

#include <stdlib.h>

enum { VERTICES = 60 };

static struct lock_order order;
static uint32_t numbers[VERTICES];
static struct order_edge *edges[VERTICES][VERTICES]; /* the model; NULL: no edge */

/* In front of the others or behind them, by turns. */
static void new_vertex(unsigned i)
{
    numbers[i] = i % 3 ? lock_order_vertex(&order, &numbers[i])
                       : lock_order_vertex_in_front(&order, &numbers[i]);
    assert_int_not_equal(numbers[i], 0);
}

static void start(unsigned count)
{
    memset(&order, 0, sizeof order);
    memset(edges, 0, sizeof edges);
    for (unsigned i = 0; i < count; i++)
        new_vertex(i);
}

/* Is there a way from -> .. -> to of at least one edge? */
static bool leads(unsigned from, unsigned to, bool also_back, bool *been)
{
    for (unsigned next = 0; next < VERTICES; next++) {
        if (!edges[from][next] || (edges[from][next]->back && !also_back) || been[next])
            continue;
        been[next] = true;
        if (next == to || leads(next, to, also_back, been))
            return true;
    }
    return false;
}

static bool model_leads(unsigned from, unsigned to, bool also_back)
{
    bool been[VERTICES] = {false};

    return leads(from, to, also_back, been);
}

/* As lock_order.c does it, but the removal, which here searches the lists. */
static void insert(unsigned from, unsigned to)
{
    struct order_edge *edge = calloc(1, sizeof *edge);
    struct order_vertex *tail = &order.vertices[numbers[from]];
    struct order_vertex *head = &order.vertices[numbers[to]];
    bool closes = from == to || model_leads(to, from, false);
    uint32_t back_edges = order.back_edges;

    edge->from = numbers[from];
    edge->to = numbers[to];
    topo_order_insert(&order, edge);
    assert_int_equal(edge->back, closes);
    assert_int_equal(order.back_edges, back_edges + closes);
    edge->next_out = tail->out;
    edge->next_in = head->in;
    tail->out = head->in = edge;
    edges[from][to] = edge;
}

static void take_out(unsigned from, unsigned to)
{
    struct order_edge *edge = edges[from][to];
    struct order_edge **link = &order.vertices[numbers[from]].out;

    while (*link != edge)
        link = &(*link)->next_out;
    *link = edge->next_out;
    for (link = &order.vertices[numbers[to]].in; *link != edge;)
        link = &(*link)->next_in;
    *link = edge->next_in;
    order.back_edges -= edge->back;
    edges[from][to] = NULL;
    free(edge);
}

static void remove_vertex(unsigned gone)
{
    for (unsigned i = 0; i < VERTICES; i++) {
        if (edges[i][gone])
            take_out(i, gone);
        if (edges[gone][i])
            take_out(gone, i);
    }
    lock_order_remove(&order, numbers[gone]);
    new_vertex(gone);
}

static void finish(unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        remove_vertex(i);
    assert_int_equal(order.back_edges, 0);
}

/* No two vertices have one rank. */
static void check_ranks(unsigned count)
{
    assert_true(topo_order_check(&order));
    for (unsigned i = 0; i < count; i++)
        for (unsigned k = 0; k < i; k++)
            assert_int_not_equal(order.vertices[numbers[i]].rank, order.vertices[numbers[k]].rank);
}

/* "ab bc ca*": edges a->b, b->c, c->a; the starred ones close a cycle. */
static const struct row {
    const char *name, *edges;
} rows[] = {
    {"forwards", "ab bc cd"},
    {"backwards", "dc cb ba"},
    {"a ring", "ab bc ca*"},
    {"two edges", "ab ba*"},
    {"itself", "aa*"},
    {"itself, after others", "ab bb* bc"},
    {"a diamond", "ab ac bd cd"},
    {"a diamond, from below", "cd bd ac ab"},
    {"a diamond and back", "ab ac bd cd da*"},
    {"a back edge does not count", "ab ba* bc ca*"},
    {"no cycle without the back edge", "ab bc ca* da bd*"},
    {"two rings", "ab ba* cd dc*"},
    {"two rings and a bridge", "ab ba* cd dc* bc"},
    {"two rings and two bridges", "ab ba* cd dc* bc da*"},
    {"late reordering", "de ab ef bd fa*"},
    {"the middle of the region moves", "ad be cf fb ea dc*"},
};

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        start(6);
        for (const char *at = rows[i].edges; *at; at += *at == ' ') {
            unsigned from = (unsigned)(*at++ - 'a'), to = (unsigned)(*at++ - 'a');
            bool back = *at == '*';

            insert(from, to);
            if (edges[from][to]->back != back)
                fail_msg("%s: %c%c is%s back", rows[i].name, 'a' + from, 'a' + to,
                         back ? " not" : "");
            check_ranks(6);
            at += back;
        }
        finish(6);
    }
}

static void check_reaches(unsigned from, unsigned to)
{
    if (from == to)
        return; /* nobody asks for what he holds */
    order.steps = 100000;
    assert_int_equal(topo_order_reaches(&order, numbers[from], numbers[to]),
                     model_leads(from, to, true));
}

static void check_leading_to(unsigned count, unsigned to)
{
    order.last_mark++;
    topo_order_mark_leading_to(&order, numbers[to]);
    for (unsigned i = 0; i < count; i++)
        assert_int_equal(order.vertices[numbers[i]].mark == order.last_mark,
                         i == to || model_leads(i, to, true));
}

/* Sparse graphs, in which nearly nothing is back, up to dense ones, in which half of it is. */
static void test_random(void **state)
{
    const unsigned rounds = UNDER_TSAN ? 40 : 200;
    uint64_t seed = 2006;
    unsigned back = 0, fitting = 0;

    (void)state;
    for (unsigned round = 0; round < rounds; round++) {
        unsigned count = 2 + random_below(&seed, VERTICES - 1);
        unsigned steps = count * (1 + random_below(&seed, 8));

        start(count);
        for (unsigned i = 0; i < steps; i++) {
            unsigned from = random_below(&seed, count), to = random_below(&seed, count);

            if (random_below(&seed, 40) == 0)
                remove_vertex(from);
            else if (!edges[from][to]) {
                insert(from, to);
                back += edges[from][to]->back;
                fitting += !edges[from][to]->back;
            }
            assert_true(topo_order_check(&order));
            check_reaches(random_below(&seed, count), random_below(&seed, count));
            if (i % 8 == 0) {
                check_ranks(count);
                check_leading_to(count, random_below(&seed, count));
            }
        }
        finish(count);
    }
    assert_in_range(back, rounds * 10, rounds * 200);
    assert_in_range(fitting, rounds * 10, rounds * 200);
}

/* A search that runs out of steps says no, and does not go on. */
static void test_steps(void **state)
{
    (void)state;
    start(VERTICES);
    for (unsigned i = 0; i + 1 < VERTICES; i++)
        insert(i, i + 1);
    insert(1, 0);
    order.steps = 10;
    assert_false(topo_order_reaches(&order, numbers[0], numbers[VERTICES - 1]));
    assert_int_equal(order.steps, 0);
    order.steps = VERTICES;
    assert_true(topo_order_reaches(&order, numbers[0], numbers[VERTICES - 1]));
    assert_int_not_equal(order.steps, 0);
    finish(VERTICES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_steps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
