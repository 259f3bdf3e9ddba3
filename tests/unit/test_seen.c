/* SPDX-License-Identifier: MIT */
/*
 * Was this nested acquisition recorded already? A key that was never added is never said to be
 * known: that would lose a finding. A forgotten one costs time only, but most must stay.
 */
#include "tests/unit/unit.h"

#include "detector/core/arena.h"
#include "detector/core/seen.h"

/* A bijection of 64-bit numbers (the finaliser of splitmix64): keys that differ for all i. */
static uint64_t key_of(uint64_t i)
{
    i = (i ^ i >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    i = (i ^ i >> 27) * UINT64_C(0x94d049bb133111eb);
    return i ^ i >> 31;
}

static unsigned known(uint64_t from, uint64_t to)
{
    unsigned count = 0;

    for (uint64_t i = from; i < to; i++)
        count += seen_before(key_of(i));
    return count;
}

static void test_one(void **state)
{
    (void)state;
    assert_non_null(arena_alloc(16)); /* the table does not stand at the start of a page */
    assert_int_equal(known(1, 1000), 0); /* before there is a table */
    seen_add(key_of(1));
    assert_true(seen_before(key_of(1)));
    assert_int_equal(known(2, 1000), 0);
    seen_add(key_of(1)); /* twice is no harm */
    assert_true(seen_before(key_of(1)));
}

/* The newest key is always known, through each growth of the table. */
static void test_newest(void **state)
{
    (void)state;
    for (uint64_t i = 2; i < 100000; i++) {
        seen_add(key_of(i));
        if (!seen_before(key_of(i)))
            fail_msg("key %u is gone at once", (unsigned)i);
    }
    assert_int_equal(known(100000, 300000), 0); /* nobody else came in */
    assert_in_range(known(1, 100000), 80000, 99999);
}

/* Far more than fits: still no stranger is known, and what came last is. */
static void test_overfull(void **state)
{
    enum { MANY = 4000000 };

    (void)state;
    for (uint64_t i = 100000; i < MANY; i++)
        seen_add(key_of(i));
    assert_true(seen_before(key_of(MANY - 1)));
    assert_int_equal(known(MANY, MANY + 1000000), 0);
    assert_in_range(known(MANY - 100000, MANY), 60000, 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one),
        cmocka_unit_test(test_newest),
        cmocka_unit_test(test_overfull),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
