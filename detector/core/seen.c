/* SPDX-License-Identifier: MIT */
/*
 * Was this nested acquisition recorded already? A hash set of 64-bit keys with two places a key.
 */
#include "detector/core/seen.h"

#include "detector/core/arena.h"

enum { FIRST_SIZE = 1 << 10, LAST_SIZE = 1 << 21 };

struct seen_table {
    uint32_t size; /* a power of two */
    uint32_t count;
    uint64_t keys[];
};

static struct seen_table *table;

static uint64_t *place(struct seen_table *in, uint64_t key, unsigned which)
{
    return &in->keys[((key >> 17) ^ which) & (in->size - 1)];
}

bool seen_before(uint64_t key)
{
    struct seen_table *now = __atomic_load_n(&table, __ATOMIC_ACQUIRE);

    return now && (__atomic_load_n(place(now, key, 0), __ATOMIC_RELAXED) == key ||
                   __atomic_load_n(place(now, key, 1), __ATOMIC_RELAXED) == key);
}

static void put(struct seen_table *in, uint64_t key)
{
    uint64_t *where = place(in, key, *place(in, key, 0) != 0);

    in->count += *where == 0;
    __atomic_store_n(where, key, __ATOMIC_RELAXED);
}

static void grow(void)
{
    uint32_t size = table ? table->size * 4 : FIRST_SIZE;
    struct seen_table *larger;

    if (size > LAST_SIZE)
        return;
    larger = arena_alloc(sizeof *larger + size * sizeof larger->keys[0]);
    if (!larger)
        return;
    larger->size = size;
    for (uint32_t i = 0; table && i < table->size; i++)
        if (table->keys[i])
            put(larger, table->keys[i]);
    /* The old table stays readable for threads that are looking at it. */
    __atomic_store_n(&table, larger, __ATOMIC_RELEASE);
}

void seen_add(uint64_t key)
{
    if (!table || table->count * 2 > table->size)
        grow();
    if (table && !seen_before(key))
        put(table, key);
}
