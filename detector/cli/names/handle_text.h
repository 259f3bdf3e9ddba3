/* SPDX-License-Identifier: MIT */
/*
 * handle_text.h - what the source lines call a channel, a WaitGroup or a context
 *
 * Layer:    detector/cli/names
 * Memory:   the texts belong to the finding
 * Locking:  none
 * Errors:   NULL where a line does not tell clearly: no name is better than a wrong one
 */
#ifndef CLI_HANDLE_TEXT_H
#define CLI_HANDLE_TEXT_H

#include "detector/cli/finding/finding.h"

/* The variable into which the object was put where it was made: `jobs`. *function (may be NULL if
 * unknown): where that is. */
const char *handle_made_text(struct finding *f, const struct object *o, const char **function);

/* The first argument of the runtime call at the end of the stack. operation: send, receive, ...;
 * NULL: whichever call is there. */
const char *handle_text_at(struct finding *f, const struct stack *s, const char *operation);

/* The same for case `index` of a select with `count` cases. */
const char *handle_case_text(struct finding *f, const struct stack *s, size_t index, size_t count);

/* Whether the frame's line calls the runtime. */
bool handle_call_at(struct finding *f, const struct frame *frame);

/* Finds out how the source calls the nil channels of the finding's waits. */
void name_nil_channels(struct finding *f);

#endif
