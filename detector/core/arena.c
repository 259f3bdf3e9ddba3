/* SPDX-License-Identifier: MIT */
/*
 * Where does the detector's memory come from?
 *
 * 1. Sizes are rounded up to a multiple of 16, above 256 to a power of two.
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

enum {
    CHUNK = 64 * 1024,
    FINE = 16,             /* classes 0..15: 16, 32, ... 256 bytes */
    FINE_CLASSES = 16,
    CLASSES = FINE_CLASSES + 7, /* then 512 .. 32 KiB, aligned to: */
    ALIGNED = 128,
};

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
    unsigned class = FINE_CLASSES;

    if (size <= FINE * FINE_CLASSES)
        return size ? (unsigned)((size - 1) / FINE) : 0;
    while (((size_t)FINE * FINE_CLASSES << (class - FINE_CLASSES + 1)) < size)
        class ++;
    return class;
}

static size_t class_bytes(unsigned class)
{
    return class < FINE_CLASSES ? (class + 1) * (size_t)FINE
                                : (size_t)FINE * FINE_CLASSES << (class - FINE_CLASSES + 1);
}

/* Larger blocks hold structs that ask for whole cache lines. */
static void align_for(size_t size)
{
    if (size > FINE * FINE_CLASSES && arena.next)
        arena.next += -(uintptr_t)arena.next % ALIGNED;
    if (arena.next > arena.end)
        arena.next = arena.end;
}

static void *cut(size_t size)
{
    void *block;

    align_for(size);
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
        return memset(block, 0, class_bytes(class));
    raw_lock(&arena.lock);
    block = cut(class_bytes(class));
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
    arena_free(*array, *capacity * size);
    *array = grown;
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
