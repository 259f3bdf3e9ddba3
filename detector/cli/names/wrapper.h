/* SPDX-License-Identifier: MIT */
/*
 * wrapper.h - look through the program's own names for pthread functions
 *
 * Layer:    detector/cli/names
 * Memory:   none kept
 * Locking:  none
 * Errors:   none
 */
#ifndef CLI_WRAPPER_H
#define CLI_WRAPPER_H

#include <stdbool.h>

#include "detector/cli/finding/finding.h"

/* Hides the frames that are nothing but another name for a call, so that the line that called them
 * is the one a reader sees. Requires: symbolise() was here. */
void hide_wrappers(struct finding *f);

/* Whether a function of this name may be a wrapper around a synchronisation call. */
bool may_be_wrapper(const char *function);

#endif
