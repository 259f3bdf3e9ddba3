/* SPDX-License-Identifier: MIT */
/*
 * region.h - the call that a frame of a stack makes, as a stretch of its source line
 *
 * Layer:    detector/cli/render
 * Memory:   the text is the source file's
 * Locking:  none
 * Errors:   0 or NULL for what is unknown
 */
#ifndef CLI_REGION_H
#define CLI_REGION_H

#include "detector/cli/finding/finding.h"

struct region {
    int line;           /* from 1 */
    int start, end;     /* characters, from 1, a tab is one; end exclusive */
    const char *source; /* the line */
};

/* Requires: the frame is one of the stack's. */
struct region region_of(struct pool *pool, const struct stack *s, const struct frame *frame);

#endif
