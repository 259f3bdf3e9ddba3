/* SPDX-License-Identifier: MIT */
/*
 * Who of a process that was only looked at can never run again, and who is the reason?
 *
 * 1. A table: what must be found beside what must stay silent.
 * 2. 50,000 random graphs, compared with the definition: a set of threads is dead if none of them can
 *    be served from outside the set; all sets are tried. The reason is who leads back to itself, or
 *    waits for somebody who has ended; without these, everybody who waits for anybody.
 */
#include "tests/unit/unit.h"

#include "detector/cli/attach/reduce.h"

enum { NODES = 6 };

struct graph {
    struct wait_node nodes[NODES];
    size_t count;
    bool outside;
};

/* "0>1" thread 0 waits for owner 1; "0?" for anybody; "0!" for one who has ended; "0." has ended itself;
 * "0" runs; "+" somebody outside may wake. `groups` are separated by spaces. */
static const struct row {
    const char *name, *graph, *dead, *groups;
} rows[] = {
    /* must be found */
    {"A-B-B-A", "0>1 1>0 2", "01", "01"},
    {"a lock it holds already", "0>0 1", "0", "0"},
    {"ring of four", "0>1 1>2 2>3 3>0 4", "0123", "0123"},
    {"behind a ring", "0>1 1>2 2>1 3", "012", "12"},
    {"two rings", "0>1 1>0 2>3 3>2 4", "0123", "01 23"},
    {"its owner has ended", "0! 1", "0", "0"},
    {"behind one whose owner has ended", "0>1 1! 2", "01", "1"},
    {"two abandoned locks", "0! 1! 2", "01", "0 1"},
    {"a ring, though somebody outside may wake", "+ 0>1 1>0", "01", "01"},
    {"alone, and nobody to wake it", "0?", "0", "0"},
    {"everybody waits to be woken", "0? 1? 2?", "012", "012"},
    {"main joins a worker that waits", "0>1 1?", "01", "1"},
    {"main has ended, the last one waits", "0. 1?", "1", "1"},
    {"at rest, because of a ring", "0? 1>2 2>1", "012", "12"},
    {"at rest, because of an abandoned lock", "0? 1!", "01", "1"},
    /* must stay silent */
    {"nobody at all", "", "", ""},
    {"somebody runs", "0", "", ""},
    {"main has ended, the other runs", "0. 1", "", ""},
    {"chain to a runner", "0>1 1>2 2", "", ""},
    {"many wait for a runner", "0>3 1>3 2>3 3", "", ""},
    {"a runner may wake all", "0? 1? 2? 3", "", ""},
    {"a runner may wake the owner", "0>1 1? 2", "", ""},
    {"somebody outside may wake", "+ 0? 1?", "", ""},
    {"somebody outside may wake the owner", "+ 0>1 1?", "", ""},
    {"whom a runner serves can serve", "0>1 1>2 2? 3", "", ""},
};

static struct graph parse(const char *text)
{
    struct graph g = {.count = 0};

    for (; *text != '\0'; text++) {
        size_t node = (size_t)(*text - '0');

        if (*text == '+')
            g.outside = true;
        if (*text == '+' || *text == ' ')
            continue;
        g.nodes[node].end = ENDS_BY_ITSELF;
        g.count = node + 1;
        if (text[1] == '>') {
            g.nodes[node].end = ENDS_BY_OWNER;
            g.nodes[node].owner = (size_t)(text[2] - '0');
            text += 2;
        } else if (text[1] != '\0' && text[1] != ' ') {
            g.nodes[node].end = text[1] == '?'   ? ENDS_BY_ANYBODY
                                : text[1] == '!' ? ENDS_NEVER
                                                 : HAS_ENDED;
            text++;
        }
    }
    return g;
}

static void write_dead(const struct graph *g, char *text)
{
    for (size_t i = 0; i < g->count; i++)
        if (g->nodes[i].dead)
            *text++ = (char)('0' + i);
    *text = '\0';
}

static void write_groups(const struct graph *g, size_t groups, char *text)
{
    for (size_t k = 0; k < groups; k++) {
        if (k > 0)
            *text++ = ' ';
        for (size_t i = 0; i < g->count; i++)
            if (g->nodes[i].group == k)
                *text++ = (char)('0' + i);
    }
    *text = '\0';
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct graph g = parse(rows[i].graph);
        size_t groups = wait_reduce(g.nodes, g.count, g.outside);
        char dead[NODES + 1], text[2 * NODES + 1];

        write_dead(&g, dead);
        write_groups(&g, groups, text);
        if (strcmp(dead, rows[i].dead) != 0 || strcmp(text, rows[i].groups) != 0)
            fail_msg("%s (%s): dead %s, groups %s", rows[i].name, rows[i].graph, dead, text);
    }
}

/* --- the definition --- */

static bool in(unsigned set, size_t node)
{
    return set >> node & 1;
}

static bool ended(const struct graph *g, size_t node)
{
    return g->nodes[node].end == HAS_ENDED;
}

/* Nobody outside the set can serve a thread of it. */
static bool is_closed(const struct graph *g, unsigned set)
{
    for (size_t i = 0; i < g->count; i++) {
        const struct wait_node *n = &g->nodes[i];

        if (!in(set, i))
            continue;
        if (n->end == ENDS_BY_ITSELF || n->end == HAS_ENDED)
            return false;
        if (n->end == ENDS_BY_OWNER && !in(set, n->owner) && !ended(g, n->owner))
            return false;
        for (size_t k = 0; n->end == ENDS_BY_ANYBODY && k < g->count; k++)
            if (g->outside || (!in(set, k) && !ended(g, k)))
                return false;
    }
    return true;
}

static unsigned dead_by_definition(const struct graph *g)
{
    unsigned dead = 0;

    for (unsigned set = 0; set < 1u << g->count; set++)
        if (is_closed(g, set))
            dead |= set;
    return dead;
}

static bool leads_to(const struct graph *g, size_t from, size_t to)
{
    for (size_t steps = 0; steps < g->count && g->nodes[from].end == ENDS_BY_OWNER; steps++) {
        from = g->nodes[from].owner;
        if (from == to)
            return true;
    }
    return false;
}

static bool is_reason(const struct graph *g, size_t i)
{
    const struct wait_node *n = &g->nodes[i];

    return n->end == ENDS_NEVER || leads_to(g, i, i) ||
           (n->end == ENDS_BY_OWNER && ended(g, n->owner));
}

static unsigned reasons_by_definition(const struct graph *g, unsigned dead)
{
    unsigned reasons = 0, sleepers = 0;

    for (size_t i = 0; i < g->count; i++) {
        if (in(dead, i) && is_reason(g, i))
            reasons |= 1u << i;
        if (in(dead, i) && g->nodes[i].end == ENDS_BY_ANYBODY)
            sleepers |= 1u << i;
    }
    return reasons != 0 ? reasons : sleepers;
}

/* They are one group if each leads to the other, or if they are dead because nobody can go on. */
static bool together(const struct graph *g, size_t a, size_t b)
{
    return a == b || g->nodes[a].end == ENDS_BY_ANYBODY || (leads_to(g, a, b) && leads_to(g, b, a));
}

static struct graph random_graph(uint64_t *state)
{
    struct graph g = {.count = 1 + random_below(state, NODES),
                      .outside = random_below(state, 4) == 0};

    for (size_t i = 0; i < g.count; i++) {
        static const enum wait_end ends[] = {ENDS_BY_OWNER,   ENDS_BY_OWNER, ENDS_BY_OWNER,
                                             ENDS_BY_ANYBODY, ENDS_NEVER,    HAS_ENDED,
                                             ENDS_BY_ITSELF};
        /* Runners are rare: with one in it, most graphs have no dead but rings. */
        uint32_t kinds = random_below(state, 3) == 0 ? COUNT(ends) : COUNT(ends) - 1;

        g.nodes[i].end = ends[random_below(state, kinds)];
        g.nodes[i].owner = random_below(state, (uint32_t)g.count);
    }
    return g;
}

static void test_random(void **state)
{
    uint64_t seed = 7;
    size_t with_dead = 0;

    (void)state;
    for (int round = 0; round < (UNDER_TSAN ? 5000 : 50000); round++) {
        struct graph g = random_graph(&seed);
        unsigned dead = dead_by_definition(&g), reasons = reasons_by_definition(&g, dead);

        wait_reduce(g.nodes, g.count, g.outside);
        with_dead += dead != 0;
        for (size_t i = 0; i < g.count; i++) {
            assert_int_equal(g.nodes[i].dead, in(dead, i));
            assert_int_equal(g.nodes[i].group != NO_GROUP, in(reasons, i));
            for (size_t k = 0; k < g.count && in(reasons, i); k++)
                if (in(reasons, k))
                    assert_int_equal(g.nodes[i].group == g.nodes[k].group,
                                     together(&g, i, k));
        }
    }
    assert_true(with_dead > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_random)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
