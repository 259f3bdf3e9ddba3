/* SPDX-License-Identifier: MIT */
/*
 * What has happened before what? The vector clocks against the definition: every dependency is an
 * event, a thread knows a set of events, a release gives the set away, an acquire adds to it.
 */
#include "tests/unit/unit.h"

#include "detector/core/order.h"

/* --- small cases --- */

/*
 * "1a" thread 1 records event a; "1!x" it releases into x; "1?x" it acquires from x; "1." it ends,
 * and the next 1 is another thread. Then the pairs that must be ordered ("ab": a before b); all
 * other pairs of events of different threads must not be.
 */
static const struct row {
    const char *name, *script, *ordered;
} rows[] = {
    {"two threads", "1a 2b", ""},
    {"a hand-over", "1a 1!x 2?x 2b", "ab"},
    {"recorded after the release", "1!x 1a 2?x 2b", ""},
    {"acquired before the release", "2?x 1a 1!x 2b", ""},
    {"recorded before the acquire", "1a 1!x 2b 2?x", ""},
    {"through a third thread", "1a 1!x 3?x 3!y 2?y 2b", "ab"},
    {"through a third thread with events", "1a 1!x 3?x 3b 3!y 2?y 2c", "ab ac bc"},
    {"into another object", "1a 1!x 2?y 2b", ""},
    {"two releases into one object", "1a 1!x 2b 2!x 3?x 3c", "ac bc"},
    {"a release in between", "1a 1!x 1b 2?x 2c", "ac"},
    {"released twice with nothing new", "1a 1!x 1!y 2?y 2b", "ab"},
    {"fork and join", "1a 1!x 2?x 2b 1c 2!y 1?y 1d", "ab bd"},
    {"ping and pong", "1a 1!x 2?x 2b 2!y 1?y 1c 1!x 2?x 2d", "ab ad bc cd"},
    {"acquired twice", "1a 1!x 2?x 2?x 2b", "ab"},
    {"an end says nothing", "1a 1. 2b", ""},
    {"ended after a release", "1a 1!x 1. 2?x 2b", "ab"},
    {"a successor knows nothing", "1a 1!x 2?x 2b 2. 2c", "ab"},
    {"successor of an ended thread", "1a 1. 1b", ""},
};

enum { THREADS = 6, OBJECTS = 4, MOST_EVENTS = 64 };

struct event {
    struct order_stamp stamp;
    unsigned thread; /* a number that no other thread ever has */
    uint64_t before; /* events, as bits */
    bool dropped;
};

static struct {
    struct order_clock clocks[THREADS];
    unsigned number[THREADS];
    uint64_t known[THREADS];
    struct order_vector *objects[OBJECTS];
    uint64_t given[OBJECTS];
    struct event events[MOST_EVENTS];
    unsigned count, last_number;
} world;

static void begin(void)
{
    memset(&world, 0, sizeof world);
    for (unsigned i = 0; i < THREADS; i++)
        world.number[i] = ++world.last_number;
}

static void record(unsigned thread)
{
    struct event *event = &world.events[world.count];

    event->stamp = order_stamp_take(&world.clocks[thread]);
    event->thread = world.number[thread];
    event->before = world.known[thread];
    world.known[thread] |= UINT64_C(1) << world.count++;
}

static void release(unsigned thread, unsigned object)
{
    order_publish(&world.clocks[thread], &world.objects[object]);
    world.given[object] |= world.known[thread];
}

static void acquire(unsigned thread, unsigned object)
{
    order_accept(&world.clocks[thread], world.objects[object]);
    world.known[thread] |= world.given[object];
}

static void end_thread(unsigned thread)
{
    order_clock_end(&world.clocks[thread]);
    assert_null(world.clocks[thread].known);
    world.known[thread] = 0;
    world.number[thread] = ++world.last_number;
}

static void forget_object(unsigned object)
{
    order_vector_drop(&world.objects[object]);
    assert_null(world.objects[object]);
    world.given[object] = 0;
}

static void forget_event(unsigned i)
{
    if (!world.events[i].dropped)
        order_stamp_drop(&world.events[i].stamp);
    world.events[i].dropped = true;
}

static void finish(void)
{
    for (unsigned i = 0; i < world.count; i++)
        forget_event(i);
    for (unsigned i = 0; i < OBJECTS; i++)
        forget_object(i);
    for (unsigned i = 0; i < THREADS; i++)
        end_thread(i);
}

static bool listed(const char *pairs, unsigned a, unsigned b)
{
    char pair[3] = {(char)('a' + a), (char)('a' + b), 0};

    return strstr(pairs, pair);
}

static void check_row(const struct row *row)
{
    for (unsigned a = 0; a < world.count; a++)
        for (unsigned b = 0; b < world.count; b++) {
            const struct event *first = &world.events[a], *second = &world.events[b];

            if (first->thread != second->thread &&
                order_before(&first->stamp, &second->stamp) != listed(row->ordered, a, b))
                fail_msg("%s: %c before %c: %d", row->name, 'a' + a, 'a' + b,
                         !listed(row->ordered, a, b));
        }
}

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        begin();
        for (const char *at = rows[i].script; *at; at += *at == ' ') {
            unsigned thread = (unsigned)(*at++ - '1');
            char what = *at++;

            if (what == '!')
                release(thread, (unsigned)(*at++ - 'x'));
            else if (what == '?')
                acquire(thread, (unsigned)(*at++ - 'x'));
            else if (what == '.')
                end_thread(thread);
            else
                record(thread);
        }
        check_row(&rows[i]);
        finish();
    }
}

/* --- random programs --- */

static void check_all(void)
{
    for (unsigned a = 0; a < world.count; a++)
        for (unsigned b = 0; b < world.count; b++) {
            const struct event *first = &world.events[a], *second = &world.events[b];
            bool before;

            if (first->dropped || second->dropped || a == b)
                continue;
            before = order_before(&first->stamp, &second->stamp);
            if (first->thread == second->thread) {
                assert_true(before || a > b); /* the program's order */
                continue;
            }
            assert_int_not_equal(first->stamp.slot, second->stamp.slot);
            assert_int_equal(before, second->before >> a & 1);
        }
}

static void random_step(uint64_t *seed)
{
    unsigned thread = random_below(seed, THREADS), object = random_below(seed, OBJECTS);
    uint32_t dice = random_below(seed, 100);

    if (dice < 35 && world.count < MOST_EVENTS)
        record(thread);
    else if (dice < 60)
        release(thread, object);
    else if (dice < 85)
        acquire(thread, object);
    else if (dice < 90)
        end_thread(thread);
    else if (dice < 94)
        forget_object(object);
    else if (world.count)
        forget_event(random_below(seed, world.count));
}

static void test_random(void **state)
{
    const unsigned rounds = UNDER_TSAN ? 500 : 3000;
    uint64_t seed = 1988;

    (void)state;
    for (unsigned round = 0; round < rounds; round++) {
        unsigned steps = 20 + random_below(&seed, 150);

        begin();
        for (unsigned i = 0; i < steps; i++)
            random_step(&seed);
        check_all();
        finish();
    }
}

/* --- slots --- */

/* A slot is used again when its thread is over and no stamp names it, and not before. */
static void test_slot_reuse(void **state)
{
    struct order_clock first = {0}, second = {0}, third = {0}, reader = {0};
    struct order_vector *message = NULL;
    struct order_stamp a, b, c;
    uint32_t slot;

    (void)state;
    a = order_stamp_take(&first);
    slot = a.slot;
    order_publish(&first, &message);
    order_clock_end(&first);
    b = order_stamp_take(&second);
    assert_int_not_equal(b.slot, slot); /* a names it still */
    order_stamp_drop(&a);
    c = order_stamp_take(&third);
    assert_int_equal(c.slot, slot);
    order_accept(&reader, message); /* what the first thread in that slot did .. */
    order_stamp_drop(&b);
    b = order_stamp_take(&reader);
    assert_false(order_before(&c, &b)); /* .. is not what the next one does */
    order_stamp_drop(&b);
    order_stamp_drop(&c);
    order_vector_drop(&message);
    order_clock_end(&second);
    order_clock_end(&third);
    order_clock_end(&reader);
}

/* Threads that never record anything have no slot, but pass on what they know. */
static void test_no_slot_without_a_stamp(void **state)
{
    struct order_clock quiet = {0};
    struct order_vector *message = NULL;

    (void)state;
    order_publish(&quiet, &message);
    assert_null(message);
    order_accept(&quiet, NULL);
    assert_null(quiet.known);
    assert_int_equal(quiet.slot, ORDER_NONE);
    order_clock_end(&quiet);
}

/* No slot left: the order is unknown, and that is taken for ordered. Then slots come back. */
static void test_no_slot_left(void **state)
{
    static struct order_clock clocks[ORDER_SLOTS];
    static struct order_stamp stamps[ORDER_SLOTS];
    struct order_stamp again;
    unsigned last = ORDER_SLOTS - 1;

    (void)state;
    for (unsigned i = 0; i < ORDER_SLOTS; i++)
        stamps[i] = order_stamp_take(&clocks[i]);
    assert_int_not_equal(stamps[last - 1].slot, ORDER_NONE);
    assert_int_equal(stamps[last].slot, ORDER_NONE);
    assert_false(order_before(&stamps[0], &stamps[1]));
    assert_true(order_before(&stamps[0], &stamps[last]));
    assert_true(order_before(&stamps[last], &stamps[0]));
    order_stamp_drop(&stamps[7]);
    order_clock_end(&clocks[7]);
    again = order_stamp_take(&clocks[last]); /* the late thread gets the slot that came free */
    assert_int_not_equal(again.slot, ORDER_NONE);
    assert_false(order_before(&stamps[0], &again));
    order_stamp_drop(&again);
    for (unsigned i = 0; i < ORDER_SLOTS; i++) {
        if (i != 7)
            order_stamp_drop(&stamps[i]);
        order_clock_end(&clocks[i]);
    }
}

/* What was given away does not change when the giver learns more, and the other way round. */
static void test_shared_vectors(void **state)
{
    struct order_clock giver = {0}, taker = {0}, late = {0};
    struct order_vector *message = NULL;
    struct order_stamp a, b, c;

    (void)state;
    a = order_stamp_take(&giver);
    order_publish(&giver, &message);
    order_accept(&taker, message); /* taker and message share one vector */
    b = order_stamp_take(&late);
    order_publish(&late, &message); /* message grows, the taker's knowledge does not */
    c = order_stamp_take(&taker);
    assert_true(order_before(&a, &c));
    assert_false(order_before(&b, &c));
    order_stamp_drop(&c);
    order_accept(&taker, message);
    c = order_stamp_take(&taker);
    assert_true(order_before(&b, &c));
    order_stamp_drop(&a);
    order_stamp_drop(&b);
    order_stamp_drop(&c);
    order_vector_drop(&message);
    order_clock_end(&giver);
    order_clock_end(&taker);
    order_clock_end(&late);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),        cmocka_unit_test(test_random),
        cmocka_unit_test(test_slot_reuse),   cmocka_unit_test(test_no_slot_without_a_stamp),
        cmocka_unit_test(test_no_slot_left), cmocka_unit_test(test_shared_vectors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
