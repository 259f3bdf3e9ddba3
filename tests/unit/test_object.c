/* SPDX-License-Identifier: MIT */
/*
 * Which object lives at this address now? Identity, generations, marks, and which records lie in a
 * block of memory that goes away. (probe_mark() is the one of fakes.c.)
 */
#include "tests/unit/unit.h"

#include "detector/core/object.h"

enum { GRANULE = 256 };

static struct fake_lock locks[64];

static void retire_at(const void *address)
{
    struct object *object = object_find(address);

    assert_non_null(object);
    object_retire(object);
}

static int no_marks(void **state)
{
    (void)state;
    fake_marks = false;
    memset(locks, 0, sizeof locks);
    return 0;
}

static void test_identity(void **state)
{
    struct object *a, *b;

    (void)state;
    assert_null(object_find(&locks[0]));
    a = object_get(&locks[0], OBJECT_MUTEX, NULL);
    b = object_get(&locks[1], OBJECT_RWLOCK, NULL);
    assert_ptr_not_equal(a, b);
    assert_ptr_equal(object_find(&locks[0]), a);
    assert_ptr_equal(object_find(&locks[1]), b);
    assert_ptr_equal(object_get(&locks[0], OBJECT_MUTEX, NULL), a);
    assert_int_equal(a->kind, OBJECT_MUTEX);
    assert_int_equal(b->kind, OBJECT_RWLOCK);
    assert_int_not_equal(a->serial, b->serial);
    assert_null(object_find((char *)&locks[0] + 1)); /* inside is not at */
    object_retire(a);
    assert_null(object_find(&locks[0]));
    assert_ptr_equal(object_find(&locks[1]), b);
    object_retire(b);
    assert_null(object_find(&locks[1]));
}

/* A new object at an old address has nothing of the old one. */
static void test_new_life(void **state)
{
    struct object *object = object_get(&locks[0], OBJECT_SEMAPHORE, NULL);
    uint32_t serial = object->serial, generation = object_generation(&locks[0]);

    (void)state;
    object->vertex = 5;
    object->in_handler = true;
    object_service(object)->parties = 7;
    object_readers(object)->twice = 1;
    object_name(&locks[0], "old");
    object_retire(object);
    assert_int_not_equal(object_generation(&locks[0]), generation);
    object = object_get(&locks[0], OBJECT_MUTEX, NULL);
    assert_int_not_equal(object->serial, serial);
    assert_int_equal(object->kind, OBJECT_MUTEX);
    assert_int_equal(object->vertex, 0);
    assert_false(object->in_handler);
    assert_null(object->service);
    assert_null(object->readers);
    assert_null(object->name);
    assert_null(object->known);
    assert_int_equal(object_service(object)->parties, 0);
    assert_int_equal(object_readers(object)->twice, 0);
    object_retire(object);
}

/* Each retirement moves the generation on, that of its own address only. */
static void test_generations(void **state)
{
    uint32_t first = object_generation(&locks[0]), other = object_generation(&locks[1]);

    (void)state;
    for (uint32_t i = 0; i < 10; i++) {
        object_get(&locks[0], OBJECT_MUTEX, NULL);
        assert_int_equal(object_generation(&locks[0]), first + i);
        retire_at(&locks[0]);
    }
    assert_int_equal(object_generation(&locks[0]), first + 10);
    assert_int_equal(object_generation(&locks[1]), other);
}

static void test_names(void **state)
{
    static const char long_name[] = "a name that is much longer than what is kept of a name";
    struct object *object;

    (void)state;
    object_name(&locks[3], "accounts[3]");
    object = object_find(&locks[3]);
    assert_non_null(object);
    assert_int_equal(object->kind, OBJECT_UNKNOWN);
    assert_ptr_equal(object_get(&locks[3], OBJECT_RWLOCK, NULL), object);
    assert_int_equal(object->kind, OBJECT_RWLOCK); /* now it is known what it is */
    assert_string_equal(object->name, "accounts[3]");
    object_name(&locks[3], "again");
    assert_string_equal(object->name, "again"); /* nothing left of the longer one */
    object_name(&locks[3], long_name);
    assert_int_equal(strlen(object->name), OBJECT_NAME - 1);
    assert_memory_equal(object->name, long_name, OBJECT_NAME - 1);
    object_retire(object);
}

/* --- marks --- */

/* An initialiser wipes the mark out: the record is an old lock's. */
static void test_marks(void **state)
{
    static const enum object_kind kinds[] = {OBJECT_MUTEX, OBJECT_RWLOCK};

    (void)state;
    fake_marks = true;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct object *object = object_get(&locks[0], kinds[i], NULL);
        uintptr_t mark = locks[0].mark;

        assert_int_not_equal(mark, 0);
        assert_true(object_is_current(object));
        locks[0].mark = 0; /* initialised again */
        assert_false(object_is_current(object));
        locks[1] = (struct fake_lock){.mark = mark}; /* and its copy elsewhere .. */
        object_retire(object);
        object = object_get(&locks[1], kinds[i], NULL);
        assert_true(object_is_current(object)); /* .. gets a mark of its own */
        assert_int_not_equal(locks[1].mark, mark);
        object_retire(object);
    }
}

/* Each record has its own mark: one left in memory by an old record does not fit the next. */
static void test_old_mark(void **state)
{
    struct object *object;
    uintptr_t old;

    (void)state;
    fake_marks = true;
    object = object_get(&locks[0], OBJECT_MUTEX, NULL);
    old = locks[0].mark;
    object_retire(object);
    object = object_get(&locks[0], OBJECT_MUTEX, NULL);
    assert_int_not_equal(locks[0].mark, old);
    locks[0].mark = old;
    assert_false(object_is_current(object));
    object_retire(object);
}

/* What cannot be marked is never said to be an old one, and not written to. */
static void test_without_marks(void **state)
{
    static const enum object_kind kinds[] = {OBJECT_SPIN,    OBJECT_SEMAPHORE, OBJECT_COND,
                                             OBJECT_BARRIER, OBJECT_ONCE,      OBJECT_UNKNOWN};

    (void)state;
    fake_marks = true;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct object *object = object_get(&locks[0], kinds[i], NULL);

        assert_int_equal(locks[0].mark, 0);
        assert_true(object_is_current(object));
        object_retire(object);
    }
    fake_marks = false;
    assert_true(object_is_current(object_get(&locks[0], OBJECT_MUTEX, NULL)));
    retire_at(&locks[0]);
}

/* --- blocks --- */

static char heap[3 * GRANULE] __attribute__((aligned(GRANULE)));
static struct object *visited[8];
static unsigned visits;

static void note(struct object *object)
{
    visited[visits++] = object;
}

/* An object at heap[object], and the block [low, low + size) that goes away. */
static const struct block_row {
    const char *name;
    unsigned object, low, size;
    bool inside;
} blocks[] = {
    {"the whole block", 40, 0, GRANULE, true},
    {"at its first byte", 40, 40, 100, true},
    {"at its only byte", 40, 40, 1, true},
    {"at its last byte", 139, 40, 100, true},
    {"right behind it", 140, 40, 100, false},
    {"right before it", 39, 40, 100, false},
    {"an empty block", 40, 40, 0, false},
    {"first of a granule, block ends there", GRANULE, 0, GRANULE, false},
    {"first of a granule, block ends in it", GRANULE, 0, GRANULE + 1, true},
    {"last of a granule, block starts behind", GRANULE - 1, GRANULE, GRANULE, false},
    {"last of a granule, block starts there", GRANULE - 1, GRANULE - 1, 2, true},
    {"a block of three granules, in the last", 3 * GRANULE - 1, 0, 3 * GRANULE, true},
    {"a block from the middle to the middle", 2 * GRANULE, 128, 2 * GRANULE, true},
    {"same granule, other block", 10, 20, 10, false},
};

static void test_blocks(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(blocks); i++) {
        const struct block_row *row = &blocks[i];
        uintptr_t low = (uintptr_t)heap + row->low;
        struct object *object = object_get(&heap[row->object], OBJECT_MUTEX, NULL);

        visits = 0;
        object_visit(low, row->size, note);
        if (visits != row->inside || (row->inside && !object_maybe_in(low, row->size)))
            fail_msg("%s: visited %u", row->name, visits);
        if (visits)
            assert_ptr_equal(visited[0], object);
        object_retire(object);
        assert_false(object_maybe_in(low, row->size)); /* nothing left: that is certain */
    }
}

static unsigned retired;

static void retire(struct object *object)
{
    object_retire(object);
    retired++;
}

/* All records of a block are retired while they are visited, whatever shares their buckets. */
static void test_retire_block(void **state)
{
    uintptr_t low = (uintptr_t)heap + 8, high = (uintptr_t)heap + sizeof heap - 8;

    (void)state;
    for (unsigned i = 0; i < sizeof heap; i += 8)
        object_get(&heap[i], OBJECT_MUTEX, NULL);
    retired = 0;
    object_visit(low, high - low, retire);
    assert_int_equal(retired, sizeof heap / 8 - 2);
    assert_non_null(object_find(&heap[0]));
    assert_non_null(object_find(&heap[sizeof heap - 8]));
    for (unsigned i = 8; i < sizeof heap - 8; i += 8)
        assert_null(object_find(&heap[i]));
    retire_at(&heap[0]);
    retire_at(&heap[sizeof heap - 8]);
    assert_false(object_maybe_in((uintptr_t)heap, sizeof heap));
}

/* A block larger than the table goes round: still each record once, and no stranger. */
static void test_huge_block(void **state)
{
    const uintptr_t base = (uintptr_t)1 << 40, round = (uintptr_t)65536 * GRANULE;
    struct object *low, *middle, *above;

    (void)state;
    low = object_get((void *)(base + 8), OBJECT_MUTEX, NULL);
    middle = object_get((void *)(base + round + 8), OBJECT_MUTEX, NULL); /* low's bucket, too */
    above = object_get((void *)(base + 3 * round), OBJECT_MUTEX, NULL);
    visits = 0;
    object_visit(base, 3 * round, note);
    assert_int_equal(visits, 2);
    assert_true((visited[0] == low && visited[1] == middle) ||
                (visited[0] == middle && visited[1] == low));
    visits = 0;
    object_visit(base, round, note);
    assert_int_equal(visits, 1);
    assert_ptr_equal(visited[0], low);
    assert_true(object_maybe_in(base, 3 * round));
    assert_true(object_maybe_in(base + 3 * round, 1));
    object_retire(low);
    object_retire(middle);
    object_retire(above);
    assert_false(object_maybe_in(base, 4 * round));
}

/* --- who serves --- */

static void test_servers(void **state)
{
    struct object_servers servers = {0};

    (void)state;
    for (unsigned twice = 0; twice < 2; twice++)
        for (uint32_t i = 0; i < OBJECT_SERVERS; i++)
            object_add_server(&servers, i + 1, false);
    assert_int_equal(servers.count, OBJECT_SERVERS);
    assert_false(servers.overflow);
    assert_false(servers.from_handler);
    object_add_server(&servers, 1, true);
    assert_true(servers.from_handler);
    assert_false(servers.overflow);
    object_add_server(&servers, OBJECT_SERVERS + 1, false);
    assert_true(servers.overflow); /* anybody may: never too few */
    assert_int_equal(servers.count, OBJECT_SERVERS);
}

/* --- random lives against an array --- */

static void test_random(void **state)
{
    static struct object *model[COUNT(locks)];
    static uint32_t serials[COUNT(locks)];
    uint64_t seed = 99;

    (void)state;
    fake_marks = true;
    for (unsigned step = 0; step < 50000; step++) {
        unsigned i = random_below(&seed, COUNT(locks));

        assert_ptr_equal(object_find(&locks[i]), model[i]);
        if (!model[i]) {
            model[i] = object_get(&locks[i], OBJECT_MUTEX, NULL);
            serials[i] = model[i]->serial;
        } else {
            assert_int_equal(model[i]->serial, serials[i]);
            assert_true(object_is_current(model[i]));
            if (random_below(&seed, 2)) {
                object_retire(model[i]);
                model[i] = NULL;
            }
        }
    }
    for (unsigned i = 0; i < COUNT(locks); i++)
        if (model[i])
            object_retire(model[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_identity, no_marks),
        cmocka_unit_test_setup(test_new_life, no_marks),
        cmocka_unit_test_setup(test_generations, no_marks),
        cmocka_unit_test_setup(test_names, no_marks),
        cmocka_unit_test_setup(test_marks, no_marks),
        cmocka_unit_test_setup(test_old_mark, no_marks),
        cmocka_unit_test_setup(test_without_marks, no_marks),
        cmocka_unit_test_setup(test_blocks, no_marks),
        cmocka_unit_test_setup(test_retire_block, no_marks),
        cmocka_unit_test_setup(test_huge_block, no_marks),
        cmocka_unit_test_setup(test_servers, no_marks),
        cmocka_unit_test_setup(test_random, no_marks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
