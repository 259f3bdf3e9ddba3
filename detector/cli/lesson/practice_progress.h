/* SPDX-License-Identifier: MIT */
/*
 * practice_progress.h - what a learner has done, in practice/progress
 *
 * Layer:    detector/cli/lesson
 * Memory:   the pool's
 * Locking:  none: one learner
 * Errors:   false, said on stderr
 *
 * A text file that may be edited. `at NAME` is where the learner is; every lesson that was begun has
 * a line `open NAME HINTS` or `solved NAME HINTS`; `#` begins a comment.
 */
#ifndef CLI_PRACTICE_PROGRESS_H
#define CLI_PRACTICE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "detector/cli/base/pool.h"

struct attempt {
    const char *name;
    bool solved;
    int hints; /* how many were given */
};

struct progress {
    struct pool *pool;
    const char *path;
    const char *at; /* NULL: nowhere yet */
    struct attempt *attempts;
    size_t count;
};

/* What folder/progress says; nothing if there is no such file. */
void progress_read(struct progress *progress, struct pool *pool, const char *folder);
bool progress_write(const struct progress *progress);
bool progress_exists(const struct progress *progress);

/* The attempt of that name; NULL if it was never begun. */
struct attempt *progress_find(const struct progress *progress, const char *name);
/* The same; begun now if it was not. */
struct attempt *progress_begin(struct progress *progress, const char *name);

#endif
