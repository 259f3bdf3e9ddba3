/* SPDX-License-Identifier: MIT */
/*
 * call_site.h - the call that a source line makes
 *
 * Layer:    detector/cli
 * Memory:   spans are offsets into the given line; texts belong to the pool
 * Locking:  none
 * Errors:   false or NULL where the line does not tell clearly
 */
#ifndef CLI_CALL_SITE_H
#define CLI_CALL_SITE_H

#include <stdbool.h>
#include <stddef.h>

#include "detector/cli/pool.h"

struct span {
    size_t start, end; /* bytes, end exclusive */
};

struct call {
    struct span whole;     /* `queue->mutex.lock()`, `std::lock_guard<std::mutex> g(m)` */
    struct span object;    /* `queue->mutex` of a method call; empty otherwise */
    struct span name;      /* `lock` */
    struct span arguments; /* between the parentheses */
    bool complete;         /* the closing parenthesis is on this line */
};

/* Finds the call of `callee` (NULL: unknown) at `column` (from 1; 0: unknown). */
bool call_find(const char *line, const char *callee, int column, struct call *call);

/* What the call locks, waits for, ... as the line has it: `from->lock` of
 * `pthread_mutex_lock(&from->lock)`. NULL if several things could be meant. */
const char *call_object_text(struct pool *pool, const char *line, const struct call *call,
                             const char *kind);

#endif
