/* SPDX-License-Identifier: MIT */
/*
 * lesson.h - the lessons that came with the command: where they are, their order, their headers
 *
 * Layer:    detector/cli/lesson
 * Memory:   the pool's
 * Locking:  none
 * Errors:   false or NULL, said on stderr
 */
#ifndef CLI_LESSON_H
#define CLI_LESSON_H

#include <stdbool.h>
#include <stddef.h>

#include "detector/cli/base/pool.h"

struct lesson {
    const char *family, *name;
    const char *broken, *fixed; /* paths */
};

struct lessons {
    const char *root;    /* the folder with broken/ and fixed/ */
    const char *include; /* the folder with gridlock.h */
    struct lesson *list; /* in the course's order */
    size_t count;
};

bool lessons_find(struct pool *pool, struct lessons *lessons);

/* The lesson of that name, with its family or without; NULL, and said, if there is none. */
const struct lesson *lesson_named(const struct lessons *lessons, const char *name);

/* What the header says behind `key` ("Bug"), its lines joined; NULL if it says nothing. */
const char *lesson_header(struct pool *pool, const char *text, const char *key);

/* The sentence behind the name in the header, or "". */
const char *lesson_title(struct pool *pool, const char *text);

/* The value of a key of the Expect line (gridlock, tsan, output), or NULL. */
const char *lesson_expect(struct pool *pool, const char *text, const char *key);

#endif
