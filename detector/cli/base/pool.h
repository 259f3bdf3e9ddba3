/* SPDX-License-Identifier: MIT */
/*
 * pool.h - memory that is given back all at once
 *
 * Layer:    detector/cli/base
 * Memory:   everything taken from a pool lives until pool_free(); {0} is an empty pool
 * Locking:  none, the command has one thread
 * Errors:   none: without memory the command says so and ends with 125
 */
#ifndef CLI_POOL_H
#define CLI_POOL_H

#include <stddef.h>

struct pool {
    struct pool_block *newest;
};

/* Zeroed memory for `count` elements of `size` bytes, aligned for any type. */
void *pool_array(struct pool *pool, size_t count, size_t size);

char *pool_copy(struct pool *pool, const char *text);
char *pool_copy_n(struct pool *pool, const char *text, size_t length);
char *pool_printf(struct pool *pool, const char *format, ...) __attribute__((format(printf, 2, 3)));

void pool_free(struct pool *pool);

#endif
