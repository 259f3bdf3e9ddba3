/* SPDX-License-Identifier: MIT */
/*
 * process.h - which process of the program is this, and where does it come from?
 *
 * Layer:    detector/report
 * Memory:   static
 * Locking:  none: written while there is one thread, or in the thread that forks
 * Errors:   /proc is out of reach: the names stay unknown
 */
#ifndef GRIDLOCK_REPORT_PROCESS_H
#define GRIDLOCK_REPORT_PROCESS_H

#include "detector/report/json.h"

/* A program begins in this process. `area`: the path that the command gave, or NULL.
 * Requires: the area is open. */
void process_started(const char *area);
/* Around a fork that is followed; `child`: in which of the two. */
void process_before_fork(void);
void process_after_fork(bool child);
/* The keys of a raw finding that tell its process. */
void process_write(struct json *json);

#endif
