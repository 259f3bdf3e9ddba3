/* SPDX-License-Identifier: MIT */
/*
 * helper.h - shows findings when the library came without the command
 *
 * Layer:    detector/report
 * Memory:   none
 * Locking:  the report lock must be held
 * Errors:   no command, or it cannot be started: the findings are shown as module+offset
 */
#ifndef GRIDLOCK_REPORT_HELPER_H
#define GRIDLOCK_REPORT_HELPER_H

#include <stdbool.h>

/* Notes where the command is. Called once, at start-up, while opening files is safe. */
void helper_prepare(void);
/* Something new is in the own area: shows it on stderr. */
void helper_report(void);

#endif
