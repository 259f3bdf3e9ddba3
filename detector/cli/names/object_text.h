/* SPDX-License-Identifier: MIT */
/*
 * object_text.h - what the source lines call an object
 *
 * Layer:    detector/cli/names
 * Memory:   the texts belong to the finding
 * Locking:  none
 * Errors:   an empty list
 */
#ifndef CLI_OBJECT_TEXT_H
#define CLI_OBJECT_TEXT_H

#include "detector/cli/finding/finding.h"

enum { MAX_TEXTS = 8 };

struct text_list {
    const char *texts[MAX_TEXTS]; /* best first, all different */
    size_t count;
};

/* For locks, conditions and other objects of pthreads. */
void object_texts(struct finding *f, const struct object *o, struct text_list *list);

/* For channels, WaitGroups and contexts. */
void handle_texts(struct finding *f, const struct object *o, struct text_list *list);

#endif
