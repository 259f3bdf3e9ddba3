/* SPDX-License-Identifier: MIT */
/*
 * Which demands for locks are reported as a potential deadlock?
 *
 * 1. A table of little scripts: each rule that accepts or rejects a cycle with a row that must be
 *    found and a neighbour that must stay silent.
 * 2. 20,000 random sets of demands of at most four threads on at most six locks. The oracle keeps
 *    a plain list of demands and tries every chain; its happens-before is a set of demands.
 */
#include "tests/unit/unit.h"

#include "detector/core/held.h"
#include "detector/core/lock_order.h"

#include <time.h>

enum { THREADS = 24, LOCKS = 20, MOST_HELD = 8 };

/* What the detector would keep of a program: its threads' clocks, its locks' vertices. */
static struct lock_order order;
static struct order_clock clocks[THREADS];
static uint32_t vertices[LOCKS];
static char locks[LOCKS]; /* only their addresses matter */

static uint32_t vertex_of(unsigned lock)
{
    if (!vertices[lock]) {
        vertices[lock] = lock_order_vertex(&order, &locks[lock]);
        order.vertices[vertices[lock]].readers_queue = false; /* as event.c does */
    }
    return vertices[lock];
}

static void remove_lock(unsigned lock)
{
    if (vertices[lock])
        lock_order_remove(&order, vertices[lock]);
    vertices[lock] = 0;
}

/* Also after a test that failed half way. */
static int begin_program(void **state)
{
    (void)state;
    memset(&order, 0, sizeof order);
    memset(clocks, 0, sizeof clocks);
    memset(vertices, 0, sizeof vertices);
    return 0;
}

static void end_program(void)
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

/* As event_nested() makes it: equal lists have equal keys. */
static uint64_t key_of(const struct acquisition *all, uint32_t held_count)
{
    uint64_t key = held_count;

    for (uint32_t i = 0; i <= held_count; i++)
        key = (key ^ (uint64_t)(all[i].vertex << 2 | all[i].gate_only << 1 | all[i].mode)) *
              UINT64_C(0x9e3779b97f4a7c15);
    return key ^ key >> 32;
}

static void add(unsigned thread, struct acquisition *all, uint32_t held_count,
                struct lock_cycle *cycle)
{
    struct order_stamp stamp = order_stamp_take(&clocks[thread]);

    lock_order_add(&order, key_of(all, held_count), all, held_count, thread, stamp, cycle);
}

/* `from` creates `to`, is joined by it, or hands something over to it. */
static void hand_over(unsigned from, unsigned to)
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

static void check_pair(const struct cycle_link *a, const struct cycle_link *b)
{
    assert_int_not_equal(a->instance->thread, b->instance->thread);
    assert_false(order_before(&a->instance->stamp, &b->instance->stamp));
    assert_false(order_before(&b->instance->stamp, &a->instance->stamp));
    for (uint32_t i = 0; i < a->shape->held_count; i++)
        for (uint32_t k = 0; k < b->shape->held_count; k++)
            assert_false(a->shape->all[i].vertex == b->shape->all[k].vertex &&
                         exclude(&a->shape->all[i], &b->shape->all[k]));
}

static void check_cycle(const struct lock_cycle *cycle)
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

/* --- the table --- */

/* SILENT: not reported, and the reason does not matter. */
#define FOUND  CYCLE_POSSIBLE
#define SILENT ((unsigned)FOUND + 1)
/* It could happen, but is not reported so far. Whoever makes it FOUND changes the row. */
#define KNOWN_MISS ((unsigned)FOUND + 2)

/*
 *   1AB    thread 1 (of 0..9, then a..) asks for B while it holds A; G'AB: and G is its creator's
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
    {"two threads of one creator", "1G'AB 2G'BA", KNOWN_MISS, 2}, /* it keeps out neither */

    /* instances: four are kept of a shape, the newest one of each thread */
    {"a fifth thread replaces the first", "1AB 2AB 3AB 4AB 5AB 1BA", FOUND, 2},
    {"the first of five is forgotten", "1AB 2AB 3AB 4AB 2>1 3>1 4>1 5AB 5>1 1BA", CYCLE_ORDERED, 2},
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
        else
            all[count++].vertex = vertex_of((unsigned)(*script->at - 'A'));
    }
    add(thread, all, count - 1, cycle);
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
        add(i, all, 1, &cycle);
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
        lock_order_add(&order, key_of(all, 1), all, 1, i, order_stamp_take(&casts[i]), &cycle);
        if (i / WIDTH == RING - 2)
            order_publish(&casts[i], &message);
    }
    order_accept(&clocks[0], message);
    order_vector_drop(&message);
    all[0].vertex = vertex_of(RING - 1);
    all[1].vertex = vertex_of(0);
    start = clock();
    lock_order_add(&order, key_of(all, 1), all, 1, RING * WIDTH, order_stamp_take(&clocks[0]),
                   &cycle);
    assert_in_range(clock() - start, 0, CLOCKS_PER_SEC / 2);
    assert_int_not_equal(cycle.verdict, CYCLE_POSSIBLE);
    order.given_up = 0;
    for (unsigned i = 0; i < COUNT(casts); i++)
        order_clock_end(&casts[i]);
    end_program();
}

/* --- random demands against brute force --- */

enum { RANDOM_LOCKS = 6, RANDOM_THREADS = 4, MOST_DEMANDS = 64 };

struct random_demand {
    unsigned thread, held_count;
    unsigned lock[4]; /* held locks, then the wanted one */
    uint8_t mode[4];
    uint64_t before; /* demands that had happened before it, as bits */
    unsigned epoch;  /* how often its thread had let others know, with news, before it */
    bool gone;       /* replaced by the same thread, or one of its locks was destroyed */
};

static struct {
    struct random_demand demands[MOST_DEMANDS];
    unsigned count;
    uint64_t known[RANDOM_THREADS]; /* demands of others */
    uint64_t own[RANDOM_THREADS];   /* its own */
    unsigned epoch[RANDOM_THREADS];
    bool news[RANDOM_THREADS];
    bool readers_queue[RANDOM_LOCKS];
} model;

static const struct random_demand *chain[RANDOM_THREADS];

static bool model_exclude(uint8_t a, uint8_t b)
{
    return a == MODE_EXCLUSIVE || b == MODE_EXCLUSIVE;
}

static bool happened_before(const struct random_demand *a, const struct random_demand *b)
{
    return b->before >> (a - model.demands) & 1;
}

/* Can the two be under way at the same time, in different threads? */
static bool fit_together(const struct random_demand *a, const struct random_demand *b)
{
    for (unsigned i = 0; i < a->held_count; i++)
        for (unsigned k = 0; k < b->held_count; k++)
            if (a->lock[i] == b->lock[k] && model_exclude(a->mode[i], b->mode[k]))
                return false;
    return a->thread != b->thread && !happened_before(a, b) && !happened_before(b, a);
}

static bool waits_for(const struct random_demand *a, const struct random_demand *b)
{
    for (unsigned i = 0; i < b->held_count; i++)
        if (b->lock[i] == a->lock[a->held_count] &&
            (model_exclude(a->mode[a->held_count], b->mode[i]) || model.readers_queue[b->lock[i]]))
            return true;
    return false;
}

/* Every chain that starts with chain[0..length). */
static bool closes(unsigned length)
{
    if (length > 1 && waits_for(chain[length - 1], chain[0]))
        return true;
    for (unsigned i = 0; i < model.count && length < RANDOM_THREADS; i++) {
        const struct random_demand *next = &model.demands[i];
        bool fits = !next->gone && waits_for(chain[length - 1], next);

        for (unsigned k = 0; k < length && fits; k++)
            fits = fit_together(chain[k], next);
        chain[length] = next;
        if (fits && closes(length + 1))
            return true;
    }
    return false;
}

static bool same_demand(const struct random_demand *a, const struct random_demand *b)
{
    return a->held_count == b->held_count &&
           !memcmp(a->lock, b->lock, (a->held_count + 1) * sizeof a->lock[0]) &&
           !memcmp(a->mode, b->mode, a->held_count + 1);
}

/* Is this a cycle by definition? An exact repetition is not looked at twice. */
static bool model_add(struct random_demand *new)
{
    bool repeated = false;

    new->before = model.known[new->thread];
    new->epoch = model.epoch[new->thread];
    for (unsigned i = 0; i < model.count; i++) {
        struct random_demand *old = &model.demands[i];

        if (old->gone || old->thread != new->thread || !same_demand(old, new))
            continue;
        repeated = old->epoch == new->epoch && old->before == new->before;
        old->gone = true;
    }
    model.own[new->thread] |= UINT64_C(1) << model.count;
    model.news[new->thread] = true;
    model.demands[model.count++] = *new;
    chain[0] = &model.demands[model.count - 1];
    return !repeated && closes(1);
}

static void random_demand(uint64_t *seed, bool shared_modes)
{
    struct random_demand new = {.thread = random_below(seed, RANDOM_THREADS)};
    struct acquisition all[4] = {0};
    struct lock_cycle cycle;
    unsigned used = 0;

    new.held_count = 1 + (random_below(seed, 4) == 0) + (random_below(seed, 4) == 0);
    for (unsigned i = 0; i <= new.held_count; i++) {
        do
            new.lock[i] = random_below(seed, RANDOM_LOCKS);
        while (used >> new.lock[i] & 1);
        used |= 1u << new.lock[i];
        new.mode[i] = shared_modes &&random_below(seed, 3) == 0 ? MODE_SHARED : MODE_EXCLUSIVE;
        all[i].vertex = vertex_of(new.lock[i]);
        all[i].mode = new.mode[i];
    }
    add(new.thread, all, new.held_count, &cycle);
    check_cycle(&cycle);
    assert_int_equal(cycle.verdict == CYCLE_POSSIBLE, model_add(&new));
}

static void random_hand_over(uint64_t *seed)
{
    unsigned from = random_below(seed, RANDOM_THREADS), to = random_below(seed, RANDOM_THREADS);

    hand_over(from, to);
    model.epoch[from] += model.news[from];
    model.news[from] = false;
    if (from != to)
        model.known[to] |= model.known[from] | model.own[from];
}

static void random_removal(uint64_t *seed)
{
    unsigned lock = random_below(seed, RANDOM_LOCKS);

    remove_lock(lock);
    model.readers_queue[lock] = false;
    for (unsigned i = 0; i < model.count; i++)
        for (unsigned k = 0; k <= model.demands[i].held_count; k++)
            model.demands[i].gone |= model.demands[i].lock[k] == lock;
}

static void random_writer(uint64_t *seed)
{
    unsigned lock = random_below(seed, RANDOM_LOCKS);
    struct lock_cycle cycle;
    bool found = false;

    lock_order_readers_queue(&order, vertex_of(lock), &cycle);
    check_cycle(&cycle);
    model.readers_queue[lock] = true;
    for (unsigned i = 0; i < model.count && !found; i++)
        for (unsigned k = 0; k < model.demands[i].held_count && !found; k++) {
            chain[0] = &model.demands[i];
            found = !chain[0]->gone && chain[0]->lock[k] == lock && closes(1);
        }
    assert_int_equal(cycle.verdict == CYCLE_POSSIBLE, found);
}

static void test_random(void **state)
{
    const unsigned rounds = UNDER_TSAN ? 4000 : 20000;
    uint64_t seed = 2009;
    unsigned found = 0;

    (void)state;
    for (unsigned round = 0; round < rounds; round++) {
        unsigned steps = 3 + random_below(&seed, 16);

        memset(&model, 0, sizeof model);
        for (unsigned i = 0; i < steps; i++) {
            uint32_t dice = random_below(&seed, 20);

            if (dice < 15)
                random_demand(&seed, round % 2);
            else if (dice < 18)
                random_hand_over(&seed);
            else if (dice < 19 || round % 2 == 0)
                random_removal(&seed);
            else
                random_writer(&seed);
            assert_true(topo_order_check(&order));
        }
        for (unsigned i = 0; i < model.count; i++)
            if (!model.demands[i].gone) {
                chain[0] = &model.demands[i];
                if (closes(1)) {
                    found++;
                    break;
                }
            }
        end_program();
    }
    assert_in_range(found, rounds / 10, rounds * 9 / 10); /* both answers are common */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_table, begin_program),
        cmocka_unit_test_setup(test_limits, begin_program),
        cmocka_unit_test_setup(test_search_is_bounded, begin_program),
        cmocka_unit_test_setup(test_random, begin_program),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
