/* SPDX-License-Identifier: MIT */
/*
 * Which demands for locks are reported as a potential deadlock? A table of little scripts: each
 * rule that accepts or rejects a cycle with a row that must be found and a neighbour that must stay
 * silent. Then the limits of the search.
 */
#include "tests/unit/unit.h"

#include "tests/unit/lock_program.h"

#include <time.h>

enum { MOST_HELD = 8 };

/* --- the table --- */

/* SILENT: not reported, and the reason does not matter. */
#define FOUND  CYCLE_POSSIBLE
#define SILENT ((unsigned)FOUND + 1)

/*
 *   1AB    thread 1 (of 0..9, then a..) asks for B while it holds A; G'AB: and G is its creator's,
 *          G'3AB: thread 3's (else thread 0's)
 *   1ArB   capital letters are taken exclusively; r behind one: for reading
 *   1>2    what thread 1 did so far happened before what 2 does from now on
 *   -A     lock A is destroyed; !A: A has got a writer, and its readers queue behind it
 * The best verdict of all steps is compared, and how many links that cycle has.
 */
static const struct row {
    const char *name, *script;
    unsigned verdict, length;
} rows[] = {
    /* cycles of every length */
    {"A-B-B-A", "1AB 2BA", FOUND, 2},
    {"one order only", "1AB 2AB", CYCLE_NONE, 0},
    {"three locks in a circle", "1AB 2BC 3CA", FOUND, 3},
    {"three locks, no circle", "1AB 2BC 3AC", CYCLE_NONE, 0},
    {"four", "1AB 2BC 3CD 4DA", FOUND, 4},
    {"four, one edge turned round", "1AB 2BC 3CD 4AD", CYCLE_NONE, 0},
    {"five", "1AB 2BC 3CD 4DE 5EA", FOUND, 5},
    {"six", "1AB 2BC 3CD 4DE 5EF 6FA", FOUND, 6},
    {"six in another order of events", "6FA 2BC 4DE 1AB 5EF 3CD", FOUND, 6},
    {"six, the last link is missing", "1AB 2BC 3CD 4DE 5EF", CYCLE_NONE, 0},
    {"sixteen: the longest", "1AB 2BC 3CD 4DE 5EF 6FG 7GH 8HI 9IJ aJK bKL cLM dMN eNO fOP gPA",
     FOUND, 16},
    {"the inner of three held locks", "1ABCD 2DB", FOUND, 2},
    {"nested deeper, one order", "1ABCD 2BD", CYCLE_NONE, 0},

    /* rule 1: pairwise different threads */
    {"one thread, both orders", "1AB 1BA", CYCLE_ONE_THREAD, 2},
    {"one thread, then another one too", "1AB 1BA 2AB", FOUND, 2},
    {"three links, two threads", "1AB 2BC 1CA", CYCLE_ONE_THREAD, 3},
    {"three links, first two alike", "1AB 1BC 2CA", CYCLE_ONE_THREAD, 3},
    {"three links, last two alike", "2AB 1BC 1CA", CYCLE_ONE_THREAD, 3},
    {"three links, a third thread comes", "1AB 2BC 1CA 3BC 3AB", FOUND, 3},
    {"every thread takes both orders", "1AB 1BA 2BA", FOUND, 2},

    /* rule 2: the modes exclude each other at every lock */
    {"read and read", "1ArBr 2BrAr", CYCLE_SHARED, 2},
    {"readers of A, writers of B", "1ArB 2BAr", CYCLE_SHARED, 2},
    {"write under read, read under write", "1ArB 2BrA", FOUND, 2},
    {"read wanted, write held", "1ABr 2BAr", FOUND, 2},
    {"one shared lock in three", "1ArB 2BC 3CAr", SILENT, 0},
    {"one writer in three", "1ArB 2BC 3CA", FOUND, 3},
    {"one more reader, then a writer", "1ArB 2BAr 3BA", FOUND, 2},

    /* ... unless readers queue behind a writer */
    {"queueing readers", "!A 1ArB 2BAr", FOUND, 2},
    {"queueing readers of both", "!A !B 1ArBr 2BrAr", FOUND, 2},
    {"readers of both, one lock queues", "!A 1ArBr 2BrAr", CYCLE_SHARED, 2},
    {"the writer comes last", "1ArB 2BAr !A", FOUND, 2},
    {"another lock's writer comes last", "1ArB 2BAr CD !C", CYCLE_SHARED, 2},
    {"the writer comes last, one thread", "1ArB 1BAr !A", CYCLE_ONE_THREAD, 2},
    {"writer of a lock without nesting", "!A", CYCLE_NONE, 0},
    {"a new lock has no writer yet", "!A 3ArD -A 1ArB 2BAr", CYCLE_SHARED, 2},

    /* rule 3: no common gate lock */
    {"a gate lock", "1GAB 2GBA", CYCLE_GATED, 2},
    {"a gate in one thread only", "1GAB 2BA", FOUND, 2},
    {"two gates, none in common", "1GAB 2HBA", FOUND, 2},
    {"the gate is taken inside, too late", "1AG 1AGB 2BG 2BGA", FOUND, 2},
    {"gate and another one", "1GHAB 2HBA", CYCLE_GATED, 2},
    {"two of three have a gate", "1GAB 2GBC 3CA", CYCLE_GATED, 3},
    {"three, no two have the same", "1GAB 2HBC 3ICA", FOUND, 3},
    {"readers are no gate", "1GrAB 2GrBA", FOUND, 2},
    {"reader and writer are one", "1GrAB 2GBA", CYCLE_GATED, 2},
    {"first with the gate, then without", "1GAB 2GBA 2BA", FOUND, 2},
    {"ungated by somebody else", "1GAB 2GBA 3AB", FOUND, 2},

    /* rule 4: nothing orders two of the acquisitions */
    {"before the other one is created", "1AB 1>2 2BA", CYCLE_ORDERED, 2},
    {"after its creation", "1>2 1AB 2BA", FOUND, 2},
    {"after the join", "1AB 1>2 2BA 2>1", CYCLE_ORDERED, 2},
    {"before the creation and after", "1AB 1>2 1AB 2BA", FOUND, 2},
    {"through a third thread", "1AB 1>3 3>2 2BA", CYCLE_ORDERED, 2},
    {"to a third thread only", "1AB 1>3 2BA", FOUND, 2},
    {"the other way round in time", "1AB 2>1 2BA", FOUND, 2},
    {"one pair of three is ordered", "1AB 1>2 2BC 3CA", CYCLE_ORDERED, 3},
    {"the last pair of three", "3AB 1BC 1>2 2CA", CYCLE_ORDERED, 3},
    {"ordered, but somebody else is not", "1AB 1>2 2BA 3BA", FOUND, 2},
    {"thread again after the hand-over", "1AB 1>2 2BA 1AB", FOUND, 2},

    /* rule 6: a lock that is gone takes what was recorded with it */
    {"destroyed in between", "1AB -A 2BA", CYCLE_NONE, 0},
    {"another one destroyed", "1AB 3CD -C 2BA", FOUND, 2},
    {"the gate is destroyed", "1GAB -G 2GBA", CYCLE_NONE, 0},
    {"one link of three destroyed", "1AB 2BC -C 3CA", CYCLE_NONE, 0},
    {"back again in both orders", "1AB 2BA -A 3AB 4BA", FOUND, 2},
    {"back again in one order", "1AB 1BA -A 3AB", CYCLE_ONE_THREAD, 2},
    {"a held lock of three is gone", "1CAB -C 2BA", CYCLE_NONE, 0},

    /* rule 7: a creator's lock guards, but is not held by the thread */
    {"creator's lock, and its user's", "1G'AB 2GBA", CYCLE_GATED, 2},
    {"creator's lock, other users without", "1G'AB 2BA", FOUND, 2},
    {"a creator's lock makes no edge", "1G'AB 2BG", CYCLE_NONE, 0},
    {"but the thread's own lock does", "1GAB 2BG", FOUND, 2},
    {"nor does a chain end at it", "3GA 2BG 1G'AB", CYCLE_GATED, 3},
    {"two threads of one creator", "1G'3AB 2G'3BA", FOUND, 2}, /* it keeps out neither */
    {"two threads of two creators", "1G'3AB 2G'4BA", CYCLE_GATED, 2},
    {"a thread and its creator", "1G'3AB 3GBA", FOUND, 2}, /* who has it already */
    {"a thread and its creator, first", "3GBA 1G'3AB", FOUND, 2},
    {"readers of two creators", "1Gr'3AB 2Gr'4BA", FOUND, 2},

    /* instances: four are kept of a shape, the newest one of each thread */
    {"a fifth thread replaces the first", "1AB 2AB 3AB 4AB 5AB 1BA", FOUND, 2},
    {"the first of five is forgotten", "1AB 2AB 3AB 4AB 2>1 3>1 4>1 5AB 5>1 1BA", CYCLE_ORDERED, 2},
    {"one thread again and again has one place", "2AB 1AB 1>3 1AB 1>3 1AB 1>3 1AB 1>3 1AB 1>3 3BA",
     FOUND, 2},
    {"and what it did last counts", "1AB 1>3 1AB 1>3 3BA", CYCLE_ORDERED, 2},
    {"the same demand again", "1AB 1AB 2BA 2BA", FOUND, 2},
};

struct script {
    const char *at;
    enum cycle_verdict verdict;
    unsigned length;
};

static unsigned thread_number(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
}

static void demand(struct script *script, unsigned thread, struct lock_cycle *cycle)
{
    struct acquisition all[MOST_HELD] = {0};
    uint32_t count = 0;

    for (; *script->at && *script->at != ' '; script->at++) {
        if (*script->at == 'r')
            all[count - 1].mode = MODE_SHARED;
        else if (*script->at == '\'')
            all[count - 1].gate_only = 1;
        else if (*script->at <= '9')
            all[count - 1].creator = thread_number(*script->at);
        else
            all[count++].vertex = vertex_of((unsigned)(*script->at - 'A'));
    }
    add_demand(thread, all, count - 1, cycle);
}

static void step(struct script *script)
{
    struct lock_cycle cycle = {.verdict = CYCLE_NONE};
    char c = *script->at++;

    if (c == '-') {
        remove_lock((unsigned)(*script->at++ - 'A'));
    } else if (c == '!') {
        lock_order_readers_queue(&order, vertex_of((unsigned)(*script->at++ - 'A')), &cycle);
    } else if (c >= 'A' && c <= 'Z') { /* no thread given: 0 */
        script->at--;
        demand(script, 0, &cycle);
    } else if (*script->at == '>') {
        hand_over(thread_number(c), thread_number(script->at[1]));
        script->at += 2;
    } else {
        demand(script, thread_number(c), &cycle);
    }
    check_cycle(&cycle);
    assert_true(topo_order_check(&order));
    if (cycle.verdict > script->verdict) {
        script->verdict = cycle.verdict;
        script->length = cycle.length;
    }
}

static void test_table(void **state)
{
    unsigned wrong = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct script script = {.at = rows[i].script};

        while (*script.at) {
            step(&script);
            script.at += *script.at == ' ';
        }
        if (rows[i].verdict > FOUND
                ? script.verdict == FOUND
                : script.verdict != rows[i].verdict || script.length != rows[i].length) {
            print_error("%s: \"%s\": verdict %d with %u links, not %d with %u\n", rows[i].name,
                        rows[i].script, script.verdict, script.length, rows[i].verdict,
                        rows[i].length);
            wrong++;
        }
        end_program();
    }
    assert_int_equal(wrong, 0);
}

/* --- limits are counted --- */

static void test_limits(void **state)
{
    struct acquisition all[2] = {{.vertex = 0}};
    struct lock_cycle cycle;

    (void)state;
    /* A ring of seventeen is one more than a search follows. */
    for (unsigned i = 0; i < CYCLE_LONGEST + 1; i++) {
        all[0].vertex = vertex_of(i);
        all[1].vertex = vertex_of((i + 1) % (CYCLE_LONGEST + 1));
        add_demand(i, all, 1, &cycle);
        assert_int_equal(cycle.verdict, CYCLE_NONE);
    }
    end_program();
    /* Two different demands under one key: the second cannot be kept, and that is counted. */
    all[0].vertex = vertex_of(0);
    all[1].vertex = vertex_of(1);
    lock_order_add(&order, 42, all, 1, 1, order_stamp_take(&clocks[1]), &cycle);
    lock_order_add(&order, 42, all, 0, 2, order_stamp_take(&clocks[2]), &cycle);
    assert_int_equal(order.dropped, 1);
    order.dropped = 0;
    end_program();
}

/*
 * A ring of fourteen locks, each step of it taken by four threads, all of the last ones before the
 * thread that closes it: there are 4^12 ways to cast it, and none will do. The program waits
 * meanwhile, so the search must give up long before.
 */
static void test_search_is_bounded(void **state)
{
    enum { RING = 14, WIDTH = 4 };
    static struct order_clock casts[RING * WIDTH];
    struct acquisition all[2] = {{.vertex = 0}};
    struct order_vector *message = NULL;
    struct lock_cycle cycle;
    clock_t start;

    (void)state;
    for (unsigned i = 0; i < (RING - 1) * WIDTH; i++) {
        all[0].vertex = vertex_of(i / WIDTH);
        all[1].vertex = vertex_of(i / WIDTH + 1);
        lock_order_add(&order, demand_key(all, 1), all, 1, i, order_stamp_take(&casts[i]), &cycle);
        if (i / WIDTH == RING - 2)
            order_publish(&casts[i], &message);
    }
    order_accept(&clocks[0], message);
    order_vector_drop(&message);
    all[0].vertex = vertex_of(RING - 1);
    all[1].vertex = vertex_of(0);
    start = clock();
    lock_order_add(&order, demand_key(all, 1), all, 1, RING * WIDTH, order_stamp_take(&clocks[0]),
                   &cycle);
    assert_in_range(clock() - start, 0, CLOCKS_PER_SEC / 2);
    assert_int_not_equal(cycle.verdict, CYCLE_POSSIBLE);
    order.given_up = 0;
    for (unsigned i = 0; i < COUNT(casts); i++)
        order_clock_end(&casts[i]);
    end_program();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_table, begin_program),
        cmocka_unit_test_setup(test_limits, begin_program),
        cmocka_unit_test_setup(test_search_is_bounded, begin_program),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
