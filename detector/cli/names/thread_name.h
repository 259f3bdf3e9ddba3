/* SPDX-License-Identifier: MIT */
/*
 * thread_name.h - what to call the threads of a finding
 *
 * Layer:    detector/cli/names
 * Memory:   the names belong to the finding
 * Locking:  none
 * Errors:   none: afterwards every thread has a name of its own
 */
#ifndef CLI_THREAD_NAME_H
#define CLI_THREAD_NAME_H

#include "detector/cli/finding/finding.h"

/* Requires: symbolise() was here. */
void name_threads(struct finding *f);

#endif
