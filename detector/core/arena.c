/* SPDX-License-Identifier: MIT */
/*
 * Where does the detector's memory come from?
 *
 * 1. Sizes are rounded up to a power of two, from 16 bytes.
 * 2. Small blocks are cut from chunks of 64 KiB and kept in one free list a size.
 * 3. Blocks of more than half a chunk are mappings of their own.
 *
 * Chunks are touched only as they are cut, so that a program that never nests two locks pays for
 * a page or two.
 */
#include "detector/core/arena.h"

#include "detector/core/raw_lock.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

enum { CHUNK = 64 * 1024, SMALLEST = 4, CLASSES = 12 };

struct free_block {
    struct free_block *next;
};

static struct {
    struct raw_lock lock;
    char *next, *end;
    struct free_block *free[CLASSES];
} arena;

static void *map_pages(size_t size)
{
    long page = sys_call(SYS_mmap, 0, (long)size, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return page < 0 && page > -4096 ? NULL : (void *)page;
}

static unsigned size_class(size_t size)
{
    unsigned class = 0;

    while (((size_t)1 << (class + SMALLEST)) < size)
        class ++;
    return class;
}

static void *cut(size_t size)
{
    void *block;

    if ((size_t)(arena.end - arena.next) < size) {
        char *chunk = map_pages(CHUNK);

        if (!chunk)
            return NULL;
        arena.next = chunk;
        arena.end = chunk + CHUNK;
    }
    block = arena.next;
    arena.next += size;
    return block;
}

void *arena_alloc(size_t size)
{
    unsigned class = size_class(size);
    struct free_block *block;

    if (class >= CLASSES)
        return map_pages(size);
    raw_lock(&arena.lock);
    block = arena.free[class];
    if (block)
        arena.free[class] = block->next;
    raw_unlock(&arena.lock);
    if (block)
        return memset(block, 0, (size_t)1 << (class + SMALLEST));
    raw_lock(&arena.lock);
    block = cut((size_t)1 << (class + SMALLEST));
    raw_unlock(&arena.lock);
    return block;
}

void arena_free(void *memory, size_t size)
{
    unsigned class = size_class(size);
    struct free_block *block = memory;

    if (!block)
        return;
    if (class >= CLASSES) {
        sys_call(SYS_munmap, (long)memory, (long)size, 0, 0, 0, 0);
        return;
    }
    raw_lock(&arena.lock);
    block->next = arena.free[class];
    arena.free[class] = block;
    raw_unlock(&arena.lock);
}

int arena_grow(void **array, unsigned *capacity, unsigned wanted, size_t size)
{
    unsigned larger = *capacity ? *capacity : 16;
    void *grown;

    if (wanted <= *capacity)
        return 1;
    while (larger < wanted)
        larger *= 2;
    grown = arena_alloc(larger * size);
    if (!grown)
        return 0;
    if (*array)
        memcpy(grown, *array, *capacity * size);
    __atomic_store_n(array, grown, __ATOMIC_RELEASE);
    *capacity = larger;
    return 1;
}

void arena_lock(void)
{
    raw_lock(&arena.lock);
}

void arena_unlock(void)
{
    raw_unlock(&arena.lock);
}
