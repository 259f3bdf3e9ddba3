/* SPDX-License-Identifier: MIT */
/*
 * frame_filter.h - which frames does a reader not want to see?
 *
 * Layer:    detector/cli/names
 * Memory:   none
 * Locking:  none
 * Errors:   none
 */
#ifndef CLI_FRAME_FILTER_H
#define CLI_FRAME_FILTER_H

#include <stdbool.h>

#include "detector/cli/finding/finding.h"

/* The tool's own frames, libc's start code, the insides of the C++ standard library. */
bool frame_is_hidden(const struct frame *f);

/* Hides what lies outside the functions that the finding's threads were started with.
 * Requires: symbolise() was here. */
void hide_trampolines(struct finding *f);

#endif
