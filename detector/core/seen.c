/* SPDX-License-Identifier: MIT */
/*
 * Was this nested acquisition recorded already? A hash set of 64-bit keys. A key may
 * stand anywhere in its cache line of eight; a full line loses its oldest.
 */
#include "detector/core/seen.h"

#include "detector/core/arena.h"

enum { FIRST_SIZE = 1 << 10, LAST_SIZE = 1 << 21, LINE = 8 };

struct seen_table {
    uint32_t size; /* a power of two */
    uint32_t count;
    uint64_t keys[] __attribute__((aligned(64)));
};

static struct seen_table *table;

static uint64_t *line_of(struct seen_table *in, uint64_t key)
{
    return &in->keys[(key >> 17) & (in->size - 1) & ~(uint64_t)(LINE - 1)];
}

bool seen_before(uint64_t key)
{
    struct seen_table *now = __atomic_load_n(&table, __ATOMIC_ACQUIRE);
    uint64_t *line = now ? line_of(now, key) : NULL;

    for (int i = 0; line && i < LINE; i++)
        if (__atomic_load_n(&line[i], __ATOMIC_RELAXED) == key)
            return true;
    return false;
}

/* New keys come first, the others move back by one. */
static void put(struct seen_table *in, uint64_t key)
{
    uint64_t *line = line_of(in, key);

    in->count += line[LINE - 1] == 0;
    for (int i = LINE - 1; i > 0; i--)
        __atomic_store_n(&line[i], line[i - 1], __ATOMIC_RELAXED);
    __atomic_store_n(&line[0], key, __ATOMIC_RELAXED);
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
