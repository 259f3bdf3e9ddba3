/* SPDX-License-Identifier: MIT */
/*
 * Can the arena be trusted as malloc can? Every block is aligned, zeroed, as large as asked for,
 * and overlaps no other; what is given back is used again; arrays grow without losing anything.
 */
#include "tests/unit/unit.h"

#include "detector/core/arena.h"

#include <stdlib.h>

enum { CHUNK = 64 * 1024 };

static bool all_bytes(const unsigned char *block, size_t size, unsigned char value)
{
    for (size_t i = 0; i < size; i++)
        if (block[i] != value)
            return false;
    return true;
}

/* Both sides of each class: 16 bytes apart up to 256, powers of two up to 32 KiB, then mappings. */
static const size_t sizes[] = {
    1,     15,    16,    17,    31,    32,    33,    240,   241,    255,     256,           257,
    511,   512,   513,   1023,  1024,  1025,  2048,  2049,  4096,   4097,    8192,          8193,
    16384, 16385, 32767, 32768, 32769, 65535, 65536, 65537, 100000, 1 << 20, (1 << 20) + 1, 5 << 20,
};

static void test_sizes(void **state)
{
    unsigned char *blocks[COUNT(sizes)];

    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        blocks[i] = arena_alloc(sizes[i]);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % 16, 0);
        assert_true(all_bytes(blocks[i], sizes[i], 0));
        memset(blocks[i], (int)i + 1, sizes[i]);
    }
    for (size_t i = 0; i < COUNT(sizes); i++) /* nobody wrote into anybody else's */
        assert_true(all_bytes(blocks[i], sizes[i], (unsigned char)(i + 1)));
    for (size_t i = 0; i < COUNT(sizes); i++)
        arena_free(blocks[i], sizes[i]);
}

static void test_used_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        unsigned char *first = arena_alloc(sizes[i]), *second;

        memset(first, 0xff, sizes[i]);
        arena_free(first, sizes[i]);
        second = arena_alloc(sizes[i]);
        if (sizes[i] <= CHUNK / 2)
            assert_ptr_equal(first, second);
        assert_true(all_bytes(second, sizes[i], 0));
        arena_free(second, sizes[i]);
    }
}

/* Blocks of one class are of one size: a block of 500 bytes is big enough for the next 512. */
static void test_used_for_another_size(void **state)
{
    unsigned char *first = arena_alloc(300), *second;

    (void)state;
    memset(first, 0xff, 300);
    arena_free(first, 300);
    second = arena_alloc(512);
    assert_ptr_equal(first, second);
    assert_true(all_bytes(second, 512, 0));
    arena_free(second, 512);
}

static void test_free_nothing(void **state)
{
    void *block;

    (void)state;
    arena_free(NULL, 16);
    arena_free(NULL, 0);
    block = arena_alloc(16);
    assert_non_null(block);
    arena_free(block, 16);
}

struct owned {
    unsigned char *block;
    size_t size;
};

/* Thousands of blocks, over many chunks, each with a pattern of its own. */
static void test_random(void **state)
{
    static struct owned owned[2000];
    uint64_t seed = 11;

    (void)state;
    for (unsigned step = 0; step < 40000; step++) {
        unsigned i = random_below(&seed, COUNT(owned));
        struct owned *it = &owned[i];

        if (it->block) {
            assert_true(all_bytes(it->block, it->size, (unsigned char)(i % 255 + 1)));
            arena_free(it->block, it->size);
            it->block = NULL;
            continue;
        }
        it->size = 1 + random_below(&seed, 64u << random_below(&seed, 6));
        it->block = arena_alloc(it->size);
        assert_non_null(it->block);
        assert_true(all_bytes(it->block, it->size, 0));
        memset(it->block, (int)(i % 255 + 1), it->size);
    }
    for (unsigned i = 0; i < COUNT(owned); i++)
        arena_free(owned[i].block, owned[i].size);
}

static void test_grow(void **state)
{
    uint64_t *array = NULL;
    unsigned capacity = 0, before;

    (void)state;
    for (unsigned wanted = 1; wanted <= 100000; wanted += 1 + wanted / 3) {
        before = capacity;
        assert_true(arena_grow((void **)&array, &capacity, wanted, sizeof *array));
        assert_true(capacity >= wanted);
        if (wanted <= before)
            assert_int_equal(capacity, before);
        for (unsigned i = 0; i < before; i++)
            assert_int_equal(array[i], i + 1);
        for (unsigned i = before; i < capacity; i++) {
            assert_int_equal(array[i], 0); /* the new ones are zero */
            array[i] = i + 1;
        }
    }
    arena_free(array, capacity * sizeof *array);
}

/* The kernel refuses: nothing has changed, and the arena goes on. */
static void test_no_memory(void **state)
{
    uint64_t *array = NULL;
    unsigned capacity = 0;
    void *block;

    (void)state;
    assert_true(arena_grow((void **)&array, &capacity, 5, sizeof *array));
    array[4] = 42;
    assert_null(arena_alloc((size_t)1 << 60));
    assert_false(arena_grow((void **)&array, &capacity, 1u << 30, (size_t)1 << 30));
    assert_int_equal(capacity, 16);
    assert_int_equal(array[4], 42);
    block = arena_alloc(100);
    assert_non_null(block);
    arena_free(block, 100);
    arena_free(array, capacity * sizeof *array);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_used_again),
        cmocka_unit_test(test_used_for_another_size),
        cmocka_unit_test(test_free_nothing),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_grow),
        cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
