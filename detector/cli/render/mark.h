/* SPDX-License-Identifier: MIT */
/*
 * mark.h - the places of a finding as marks on source lines
 *
 * Layer:    detector/cli/render
 * Memory:   marks and texts belong to the finding
 * Locking:  none
 * Errors:   none
 */
#ifndef CLI_MARK_H
#define CLI_MARK_H

#include "detector/cli/finding/finding.h"

struct mark {
    const struct stack *stack;
    const struct frame *frame; /* of the stack; NULL if nothing is known of the place */
    const char *source;        /* the line as printed, tabs expanded; NULL: not there */
    int start, end;            /* columns of the call in it, end exclusive */
    const char *label;
    bool primary;
    size_t file_rank; /* files in the order in which they are printed */
};

/* Up to so many lines between two marked ones are shown too. */
enum { MARK_GAP = 2 };

struct mark_list {
    struct mark *marks; /* by file, then line */
    size_t count;
};

/* From the finding's places; for a deadlock without any, from what its threads hold and wait for. */
struct mark_list marks_of(struct finding *f);

/* The call at which this stack stands, without a label. */
struct mark mark_of(struct finding *f, const struct stack *s);

/* A mark whose source was edited after its program was built, so that its lines may be the wrong ones;
 * NULL if there is none. */
const struct mark *marks_newer_source(const struct mark_list *list);

/* A source line as it is printed: tabs expanded to four columns. */
const char *mark_source(struct pool *pool, const char *file, int line);

#endif
