/* SPDX-License-Identifier: MIT */
/*
 * What does a thread hold? The held-lock set against a plain array: pushes, finds and removals in
 * any order, across the step from the eight places inside to the array in the arena.
 */
#include "tests/unit/unit.h"

#include "detector/core/held.h"

enum { MOST = 300 };

static char locks[MOST]; /* only their addresses matter */

static struct held_lock *take(struct held *held, const void *object)
{
    struct held_lock *place = held_push(held);

    assert_non_null(place);
    assert_null(place->object); /* the place is taken, not filled */
    place->pc = object;
    place->object = object;
    return place;
}

static void expect(struct held *held, const char *order)
{
    assert_int_equal(held->count, strlen(order));
    for (uint32_t i = 0; i < held->count; i++)
        assert_ptr_equal(held_at(held, i)->object, &locks[order[i] - 'a']);
}

/* "ab-a": take a, take b, give back a. */
static const struct row {
    const char *name, *script, *left;
} rows[] = {
    {"nothing", "", ""},
    {"one", "a", "a"},
    {"taken and given back", "a-a", ""},
    {"the newest goes", "abc-c", "ab"},
    {"the oldest goes", "abc-a", "bc"},
    {"the middle goes", "abc-b", "ac"},
    {"hand over hand", "ab-ac-bd-ce-d", "e"},
    {"all eight places inside", "abcdefgh", "abcdefgh"},
    {"one more than fits inside", "abcdefghi", "abcdefghi"},
    {"back below eight", "abcdefghi-a-b", "cdefghi"},
    {"of two entries the newest goes", "aba-a", "ab"},
    {"and then the other one", "aba-a-a", "b"},
    {"first of nine", "abcdefghi-a", "bcdefghi"},
};

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct held held = {0};

        for (const char *c = rows[i].script; *c; c++)
            if (*c != '-') {
                take(&held, &locks[*c - 'a']);
            } else {
                c++;
                held_remove(&held, held_find(&held, &locks[*c - 'a']));
            }
        expect(&held, rows[i].left);
    }
}

static void test_find(void **state)
{
    struct held held = {0};

    (void)state;
    assert_null(held_find(&held, &locks[0]));
    take(&held, &locks[0])->depth = 1;
    take(&held, &locks[1]);
    take(&held, &locks[0])->depth = 2;
    assert_int_equal(held_find(&held, &locks[0])->depth, 2);
    assert_ptr_equal(held_find(&held, &locks[1])->object, &locks[1]);
    assert_null(held_find(&held, &locks[2]));
}

static void test_random(void **state)
{
    static const void *model[MOST];
    struct held held = {0};
    uint32_t count = 0, most = 0;
    uint64_t seed = 3;

    (void)state;
    for (unsigned step = 0; step < 20000; step++) {
        bool up = step / 1000 % 2 == 0;

        if (count < MOST && random_below(&seed, 4) < (up ? 3 : 1)) {
            model[count] = &locks[random_below(&seed, MOST)];
            take(&held, model[count++]);
        } else if (count) {
            const void *gone = model[random_below(&seed, count)];
            uint32_t i = count;

            while (model[--i] != gone)
                ;
            memmove(&model[i], &model[i + 1], (--count - i) * sizeof model[0]);
            held_remove(&held, held_find(&held, gone));
        }
        most = count > most ? count : most;
        assert_int_equal(held.count, count);
        for (uint32_t i = 0; i < count; i++) {
            assert_ptr_equal(held_at(&held, i)->object, model[i]);
            assert_ptr_equal(held_at(&held, i)->pc, model[i]); /* the whole entry moves */
        }
    }
    assert_in_range(most, 200, MOST); /* the array has grown several times */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_random),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
