/* SPDX-License-Identifier: MIT */
/*
 * junit.h - verdicts as JUnit XML, which CI systems show as tests
 *
 * Layer:    detector/cli/lesson
 * Memory:   the pool's
 * Locking:  none
 * Errors:   false, said on stderr
 */
#ifndef CLI_JUNIT_H
#define CLI_JUNIT_H

#include <stdbool.h>
#include <stddef.h>

#include "detector/cli/base/pool.h"

enum outcome { OUTCOME_PASSED, OUTCOME_FAILED, OUTCOME_ERROR, OUTCOME_SKIPPED, OUTCOMES };

struct junit_case {
    struct junit_case *next;
    const char *group, *name; /* a viewer shows them as a class and its test */
    enum outcome outcome;
    const char *text; /* why; NULL if it passed */
    double seconds;
};

struct junit {
    struct pool *pool;
    struct junit_case *first, *last;
    size_t counts[OUTCOMES];
    double seconds;
};

/* Takes a copy of the case; its texts must live as long as the pool. */
void junit_add(struct junit *j, const struct junit_case *one);

bool junit_write(const struct junit *j, const char *suite, const char *file);

#endif
