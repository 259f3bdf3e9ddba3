/* SPDX-License-Identifier: MIT */
/*
 * suppress.h - findings that somebody has looked at and wants to see no more
 *
 * Layer:    detector/cli/finding
 * Memory:   the list lives until suppressions_free()
 * Locking:  none
 * Errors:   a bad line gives one message on stderr and false
 */
#ifndef CLI_SUPPRESS_H
#define CLI_SUPPRESS_H

#include <stdbool.h>

#include "detector/cli/finding/finding.h"

struct suppression;

struct suppressions {
    struct suppression *first, *last;
};

/* Adds the lines of a file; docs/findings-format.md has the syntax. */
bool suppressions_read(struct suppressions *list, const char *file);

/* Whether a line matches the finding; every line that does counts as used. */
bool suppressions_match(struct suppressions *list, const struct finding *f);

/* One line on stderr for each line of the files that never matched. */
void suppressions_report_unused(const struct suppressions *list);

void suppressions_free(struct suppressions *list);

/* What `gridlock help suppressions` prints. */
extern const char suppressions_help[];

#endif
