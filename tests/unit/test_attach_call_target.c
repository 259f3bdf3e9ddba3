/* SPDX-License-Identifier: MIT */
/*
 * Calls as compilers and linkers write them, at their real addresses: whom do they call?
 */
#include "tests/unit/fake_image.h"

#include "detector/cli/attach/call_target.h"

enum { CALL = 0, TABLE = 64, SLOT = 128, BYTES = 256, FUNCTION = 0x12345678 };

static _Alignas(8) unsigned char code[BYTES];

static uint64_t address(size_t at)
{
    return (uint64_t)(uintptr_t)&code[at];
}

static struct image *fresh(void)
{
    struct image *image = fake_image();

    memset(code, 0x90, sizeof(code));
    fake_memory(code, sizeof(code));
    return image;
}

/* The bytes of an instruction up to its displacement, which leads from behind it to `to`. */
static size_t put(size_t at, const char *bytes, size_t size, size_t to)
{
    int32_t distance = (int32_t)to - (int32_t)(at + size + sizeof(distance));

    memcpy(&code[at], bytes, size);
    memcpy(&code[at + size], &distance, sizeof(distance));
    return at + size + sizeof(distance);
}

static void put_slot(uint64_t function)
{
    memcpy(&code[SLOT], &function, sizeof(function));
}

static void test_direct(void **state)
{
    struct image *image = fresh();
    size_t behind = put(CALL + 1, "\xe8", 1, TABLE);

    (void)state;
    assert_int_equal(call_target(image, address(behind)), address(TABLE));
}

/* Each form of an entry in the linkage table. */
static void test_linkage_table(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
    } entries[] = {
        {"\xff\x25", 2},
        {"\xf3\x0f\x1e\xfa\xff\x25", 6},
        {"\xf3\x0f\x1e\xfa\xf2\xff\x25", 7},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
        struct image *image = fresh();
        size_t behind = put(CALL + 1, "\xe8", 1, TABLE);

        put(TABLE, entries[i].bytes, entries[i].size, SLOT);
        put_slot(FUNCTION);
        assert_int_equal(call_target(image, address(behind)), FUNCTION);
    }
}

static void test_through_slot(void **state)
{
    struct image *image = fresh();
    size_t behind = put(CALL, "\xff\x15", 2, SLOT);

    (void)state;
    put_slot(FUNCTION);
    assert_int_equal(call_target(image, address(behind)), FUNCTION);
}

/* Must stay silent: through a register, no call at all, and memory that is not there. */
static void test_unknown(void **state)
{
    struct image *image = fresh();

    (void)state;
    memcpy(&code[CALL + 4], "\xff\xd0", 2); /* call *%rax */
    assert_int_equal(call_target(image, address(CALL + 6)), 0);
    assert_int_equal(call_target(image, address(TABLE)), 0);
    assert_int_equal(call_target(image, 3), 0);
    assert_int_equal(call_target(image, address(BYTES) + 100), 0);
    put(CALL, "\xff\x15", 2, BYTES + 4096); /* its slot cannot be read */
    assert_int_equal(call_target(image, address(CALL + 6)), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_direct),
        cmocka_unit_test(test_linkage_table),
        cmocka_unit_test(test_through_slot),
        cmocka_unit_test(test_unknown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
