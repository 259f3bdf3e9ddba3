/* SPDX-License-Identifier: MIT */
/*
 * draft.h - a look's threads, objects and stacks as a raw finding
 *
 * Layer:    detector/cli/attach
 * Memory:   the finding has a pool of its own and needs the look no more when it is done
 * Locking:  none
 * Errors:   none
 */
#ifndef CLI_ATTACH_DRAFT_H
#define CLI_ATTACH_DRAFT_H

#include "detector/cli/attach/look.h"

/* A finding under way; thread i of the look has the number i + 1 in it. */
struct draft {
    struct finding *finding;
    const struct look *look;
    size_t *order; /* which threads of the look it tells, and in which order */
};

/* A finding with these threads, `count` of them, of which the first `part` are the stuck ones; and
 * with what they wait for and hold. `order` must live as long as the draft. */
struct draft draft_begin(const struct look *look, const char *name, const char *severity,
                         size_t *order, size_t count, size_t part);

/* The number of the object that thread i of the look waits for; 0: none. */
int draft_object(const struct draft *d, size_t i);

/* `{thread:2}`, `{thread:2} and {thread:3}`, or how many: `5 threads`. */
const char *draft_names(const struct draft *d, const size_t *threads, size_t count);

/* A line of the source: where thread i waits. */
void draft_place(struct draft *d, size_t i, bool primary, const char *text);

#endif
