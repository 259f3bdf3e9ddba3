/* SPDX-License-Identifier: MIT */
/*
 * pool.c - who frees the hundred small strings of one finding?
 *
 * Nobody one by one: a finding is parsed, symbolised and printed, and then all of it goes.
 * 1. Memory comes from blocks of at least BLOCK_BYTES, cut from the front.
 * 2. What does not fit the newest block gets a new one; the old rest is given up.
 * Invariant: used <= size in every block.
 */
#include "detector/cli/base/pool.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detector/cli/base/status.h"

enum { BLOCK_BYTES = 16 * 1024, ALIGNMENT = 16 };

struct pool_block {
    struct pool_block *older;
    size_t size, used;
    _Alignas(ALIGNMENT) char bytes[];
};

static _Noreturn void out_of_memory(void)
{
    fputs("gridlock: out of memory\n", stderr);
    exit(STATUS_COMMAND_FAILED);
}

static struct pool_block *block_new(size_t bytes)
{
    size_t size = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
    struct pool_block *block = calloc(1, sizeof(*block) + size);

    if (block == NULL)
        out_of_memory();
    block->size = size;
    return block;
}

void *pool_array(struct pool *pool, size_t count, size_t size)
{
    size_t bytes;
    void *start;

    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
        out_of_memory();
    bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (pool->newest == NULL || pool->newest->size - pool->newest->used < bytes) {
        struct pool_block *block = block_new(bytes);

        block->older = pool->newest;
        pool->newest = block;
    }
    start = pool->newest->bytes + pool->newest->used;
    pool->newest->used += bytes;
    return start;
}

char *pool_copy_n(struct pool *pool, const char *text, size_t length)
{
    char *copy = pool_array(pool, length + 1, 1);

    memcpy(copy, text, length);
    return copy;
}

char *pool_copy(struct pool *pool, const char *text)
{
    return pool_copy_n(pool, text, strlen(text));
}

char *pool_printf(struct pool *pool, const char *format, ...)
{
    va_list args;
    char *text;
    int length;

    va_start(args, format);
    length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0)
        return pool_copy(pool, "");
    text = pool_array(pool, (size_t)length + 1, 1);
    va_start(args, format);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return text;
}

void pool_free(struct pool *pool)
{
    while (pool->newest != NULL) {
        struct pool_block *block = pool->newest;

        pool->newest = block->older;
        free(block);
    }
}
