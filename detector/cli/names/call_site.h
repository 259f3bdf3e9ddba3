/* SPDX-License-Identifier: MIT */
/*
 * call_site.h - the call that a source line makes
 *
 * Layer:    detector/cli/names
 * Memory:   spans are offsets into the given line; texts belong to the pool
 * Locking:  none
 * Errors:   false or NULL where the line does not tell clearly
 */
#ifndef CLI_CALL_SITE_H
#define CLI_CALL_SITE_H

#include <stdbool.h>
#include <stddef.h>

#include "detector/cli/base/pool.h"

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

/* The end of a string, character or comment that starts at `at`; `at` itself if none does. */
size_t skip_literal(const char *line, size_t at);

/* Finds the call of `callee` (NULL: unknown) at `column` (from 1; 0: unknown). */
bool call_find(const char *line, const char *callee, int column, struct call *call);

/* The next call at or after *at; moves *at behind its name. */
bool call_next(const char *line, size_t *at, struct call *call);
bool call_is(const char *line, const struct call *call, const char *callee);

/* The first argument, without `&`, casts and parentheses; NULL if it is no name. */
const char *call_first_argument(struct pool *pool, const char *line, const struct call *call);

/* What the call's result is put into: `p->jobs` of `p->jobs = chan_make(int_chan, 0)`. NULL if it
 * is put nowhere. */
const char *call_result_text(struct pool *pool, const char *line, const struct call *call);

/* The text of a span, in the same way; NULL if it is no name. */
const char *call_name_text(struct pool *pool, const char *line, struct span s);

/* What the call locks, waits for, ... as the line has it: `from->lock` of
 * `pthread_mutex_lock(&from->lock)`. NULL if several things could be meant. */
const char *call_object_text(struct pool *pool, const char *line, const struct call *call,
                             const char *kind);

#endif
