/* SPDX-License-Identifier: MIT */
/*
 * Which blocked threads can never run again?
 *
 * 1. A table of graphs: what must be found beside what must stay silent.
 * 2. 20,000 random graphs, compared with the definition: a set of blocked threads is dead if none
 *    of them can be served from outside the set; all such sets are tried.
 */
#include "tests/unit/unit.h"

#include "detector/core/wait_for.h"

enum { NODES = 10, EDGES = 64 };

struct graph {
    struct wait_node nodes[NODES];
    uint32_t successors[EDGES];
    uint32_t count, edges;
};

/*
 * "0&1" thread 0 waits for all of {1}; "0|12" for any of {1,2}; "0|" for anybody, but nobody is
 * known; "1." has exited. Who is only waited for is running.
 */
static const struct row {
    const char *name, *graph, *dead, *core;
} rows[] = {
    /* must be found */
    {"A-B-B-A", "0&1 1&0", "01", "01"},
    {"a lock it holds already", "0&0", "0", "0"},
    {"ring of three", "0&1 1&2 2&0", "012", "012"},
    {"ring of ten", "0&1 1&2 2&3 3&4 4&5 5&6 6&7 7&8 8&9 9&0", "0123456789", "0123456789"},
    {"knot of selects", "0|12 1|0 2|0", "012", "012"},
    {"knot of all and any", "0&1 1|02 2|01", "012", "012"},
    {"orphan: peer has exited", "0|1 1.", "0", "0"},
    {"owner has exited", "0&1 1.", "0", "0"},
    {"nobody was ever seen to signal", "0|", "0", "0"},
    {"all peers have exited", "0|12 1. 2.", "0", "0"},
    {"two readers, one of them stuck", "0&12 1&0", "01", "01"},
    {"behind a deadlock", "0&1 1&2 2&1", "012", "12"},
    {"behind two deadlocks", "0&13 1&2 2&1 3&4 4&3", "01234", "1234"},
    {"a chain behind a deadlock", "0&1 1&2 2&3 3&2", "0123", "23"},
    {"a chain behind an orphan", "0&1 1&2 2|3 3.", "012", "2"},
    {"two deadlocks side by side", "0&1 1&0 2&3 3&2", "0123", "0123"},
    {"a stuck pair beside a running one", "0&1 1&0 2&3", "01", "01"},
    {"the only poster waits for the join", "0|1 1&0", "01", "01"},
    {"main joins a worker that waits", "0&1 1|0", "01", "01"},
    {"barrier: the missing party is stuck", "0|2 1|2 2&0", "012", "02"},
    {"figure of eight", "0&1 1&0 1&2 2&1", "012", "012"},
    {"join of a stuck thread, one of many", "0&123 1&4 2. 4&1", "014", "14"},
    {"any of two deadlocks", "0|13 1&2 2&1 3&4 4&3", "01234", "1234"},
    {"itself or an exited one", "0|01 1.", "0", "0"},
    {"two entries for one deadlocked peer", "0|11 1&0", "01", "01"},
    /* must stay silent */
    {"nobody at all", "", "", ""},
    {"somebody runs", "0", "", ""},
    {"chain to a runner", "0&1 1&2", "", ""},
    {"cycle, but not a knot", "0|12 1&0", "", ""},
    {"selects with one runner", "0|12 1|0 2|03", "", ""},
    {"one of the peers has exited, one runs", "0|12 1.", "", ""},
    {"waits for nobody any more", "0&", "", ""},
    {"a lock that a runner holds", "0&1", "", ""},
    {"three wait for a runner", "0&3 1&3 2&3", "", ""},
    {"itself or a runner", "0|01", "", ""},
    {"ring of three with a way out", "0&1 1&2 2|03", "", ""},
    {"both of two runners", "0&12", "", ""},
    {"exited long ago", "0. 1.", "", ""},
    {"barrier: the missing party runs", "0|2 1|2", "", ""},
    {"knot of selects, a late signaller", "0|1 1|2 2|0 3|2 0|3 3", "", ""},
};

/* A thread may be told of twice: the later one adds successors. */
static void parse(const char *text, struct graph *graph)
{
    uint32_t listed[NODES][EDGES], counts[NODES] = {0};

    memset(graph, 0, sizeof *graph);
    graph->count = NODES;
    while (*text) {
        uint32_t node = (uint32_t)(*text++ - '0');

        if (*text == '&' || *text == '|')
            graph->nodes[node].state = *text == '&' ? NODE_WAITS_ALL : NODE_WAITS_ANY;
        else if (*text == '.')
            graph->nodes[node].state = NODE_EXITED;
        else
            graph->nodes[node].state = NODE_RUNNING;
        for (text += *text && *text != ' '; *text && *text != ' '; text++)
            listed[node][counts[node]++] = (uint32_t)(*text - '0');
        text += *text == ' ';
    }
    for (uint32_t i = 0; i < NODES; i++) {
        graph->nodes[i].first = graph->edges;
        graph->nodes[i].count = counts[i];
        for (uint32_t k = 0; k < counts[i]; k++)
            graph->successors[graph->edges++] = listed[i][k];
    }
}

static void reduce(struct graph *graph, char *dead, char *core)
{
    uint8_t reach[NODES * NODES];
    bool in_core[NODES];
    uint32_t count = wait_for_reduce(graph->nodes, graph->count, graph->successors);
    char *end = dead;

    wait_for_core(graph->nodes, graph->count, graph->successors, reach, in_core);
    for (uint32_t i = 0; i < graph->count; i++) {
        if (graph->nodes[i].dead)
            *end++ = (char)('0' + i);
        if (in_core[i])
            *core++ = (char)('0' + i);
    }
    *end = *core = 0;
    assert_int_equal(count, end - dead);
}

static void test_table(void **state)
{
    unsigned wrong = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct graph graph;
        char dead[NODES + 1], core[NODES + 1];

        parse(rows[i].graph, &graph);
        reduce(&graph, dead, core);
        if (strcmp(dead, rows[i].dead) || strcmp(core, rows[i].core)) {
            print_error("%s: \"%s\": dead %s, not %s; core %s, not %s\n", rows[i].name,
                        rows[i].graph, dead, rows[i].dead, core, rows[i].core);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

/* What was dead in an earlier reduction says nothing in a later one. */
static void test_again(void **state)
{
    struct graph graph;
    char dead[NODES + 1], core[NODES + 1];

    (void)state;
    parse("0&1 1&0", &graph);
    reduce(&graph, dead, core);
    assert_string_equal(dead, "01");
    graph.nodes[1].state = NODE_RUNNING;
    reduce(&graph, dead, core);
    assert_string_equal(dead, "");
    assert_string_equal(core, "");
}

/* --- brute force: sets of nodes are bits --- */

static bool blocked(const struct wait_node *node)
{
    return node->state == NODE_WAITS_ALL || node->state == NODE_WAITS_ANY;
}

/* Is node i stuck if those in `set` and those that have exited never do anything again? */
static bool stuck_within(const struct graph *graph, uint32_t i, unsigned set)
{
    const struct wait_node *node = &graph->nodes[i];
    bool any_stuck = false, all_stuck = true;

    for (uint32_t k = 0; k < node->count; k++) {
        uint32_t next = graph->successors[node->first + k];
        bool never = set >> next & 1 || graph->nodes[next].state == NODE_EXITED;

        any_stuck |= never;
        all_stuck &= never;
    }
    return node->state == NODE_WAITS_ALL ? any_stuck : all_stuck;
}

static unsigned dead_by_definition(const struct graph *graph)
{
    unsigned dead = 0;

    for (unsigned set = 1; set < 1u << graph->count; set++) {
        bool closed = true;

        for (uint32_t i = 0; i < graph->count; i++)
            if (set >> i & 1)
                closed &= blocked(&graph->nodes[i]) && stuck_within(graph, i, set);
        if (closed)
            dead |= set;
    }
    return dead;
}

static bool leads_out(const struct graph *graph, unsigned set, unsigned dead)
{
    for (uint32_t i = 0; i < graph->count; i++)
        for (uint32_t k = 0; set >> i & 1 && k < graph->nodes[i].count; k++)
            if ((dead & ~set) >> graph->successors[graph->nodes[i].first + k] & 1)
                return true;
    return false;
}

/* The smallest sets of dead nodes that no edge to another dead node leaves. */
static unsigned core_by_definition(const struct graph *graph, unsigned dead)
{
    unsigned core = 0;

    for (unsigned set = 1; set <= dead; set++) {
        bool smallest = !(set & ~dead) && !leads_out(graph, set, dead);

        for (unsigned part = (set - 1) & set; part && smallest; part = (part - 1) & set)
            smallest = leads_out(graph, part, dead);
        if (smallest)
            core |= set;
    }
    return core;
}

static void make_random(uint64_t *seed, struct graph *graph)
{
    memset(graph, 0, sizeof *graph);
    graph->count = 1 + random_below(seed, 6);
    for (uint32_t i = 0; i < graph->count; i++) {
        struct wait_node *node = &graph->nodes[i];
        uint32_t kind = random_below(seed, 10);

        node->state = kind < 3   ? NODE_WAITS_ALL
                      : kind < 6 ? NODE_WAITS_ANY
                      : kind < 7 ? NODE_EXITED
                                 : NODE_RUNNING;
        node->dead = random_below(seed, 2); /* left over from another time */
        node->first = graph->edges;
        node->count = blocked(node) ? random_below(seed, 4) : 0;
        for (uint32_t k = 0; k < node->count; k++)
            graph->successors[graph->edges++] = random_below(seed, graph->count);
    }
}

static void test_random(void **state)
{
    uint64_t seed = 1987;
    unsigned some_dead = 0, some_behind = 0;

    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        uint8_t reach[NODES * NODES];
        bool in_core[NODES];
        struct graph graph;
        unsigned dead, core;

        make_random(&seed, &graph);
        dead = dead_by_definition(&graph);
        core = core_by_definition(&graph, dead);
        assert_int_equal(wait_for_reduce(graph.nodes, graph.count, graph.successors),
                         __builtin_popcount(dead));
        wait_for_core(graph.nodes, graph.count, graph.successors, reach, in_core);
        for (uint32_t i = 0; i < graph.count; i++)
            if (graph.nodes[i].dead != (dead >> i & 1) || in_core[i] != (core >> i & 1))
                fail_msg("round %u, node %u: dead %d, core %d; by definition %u, %u", round, i,
                         graph.nodes[i].dead, in_core[i], dead >> i & 1, core >> i & 1);
        some_dead += dead != 0;
        some_behind += dead != core;
    }
    /* The graphs are worth comparing: both answers are common. */
    assert_in_range(some_dead, 4000, 16000);
    assert_in_range(some_behind, 1000, 16000);
}

/* The quick way never leaves out a part of the core, and where everybody waits for one thread at
 * most, nothing lies between two knots: then it is the core. */
static void test_trimmed(void **state)
{
    uint64_t seed = 2007;
    unsigned compared = 0;

    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        uint8_t reach[NODES * NODES];
        uint32_t waiters[NODES];
        bool core[NODES], trimmed[NODES];
        bool single = round % 2;
        struct graph graph;

        make_random(&seed, &graph);
        for (uint32_t i = 0; single && i < graph.count; i++)
            if (graph.nodes[i].count > 1)
                graph.nodes[i].count = 1;
        if (!wait_for_reduce(graph.nodes, graph.count, graph.successors))
            continue;
        wait_for_core(graph.nodes, graph.count, graph.successors, reach, core);
        wait_for_core_trimmed(graph.nodes, graph.count, graph.successors, waiters, trimmed);
        for (uint32_t i = 0; i < graph.count; i++) {
            assert_true(!core[i] || trimmed[i]);
            assert_true(!trimmed[i] || graph.nodes[i].dead);
            if (single)
                assert_int_equal(trimmed[i], core[i]);
        }
        compared += single;
    }
    assert_in_range(compared, 1000, 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_again),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_trimmed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
