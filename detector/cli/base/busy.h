/* SPDX-License-Identifier: MIT */
/*
 * busy.h - one line on a terminal that says what takes so long
 *
 * Layer:    detector/cli/base
 * Memory:   static
 * Locking:  none; the line is drawn by a timer, whose signal interrupts the only thread
 * Errors:   none; where no terminal is, nothing is written
 *
 * The line comes when the work has taken a second, on the standard error, and is gone before anything
 * else is written: whoever prints calls busy_end() first.
 */
#ifndef CLI_BUSY_H
#define CLI_BUSY_H

#include <stdbool.h>

/* What is being done now. */
void busy(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* It is done: the line is erased. */
void busy_end(void);

/* While a watched program may write to the same terminal nothing is drawn. */
void busy_allow(bool allowed);

#endif
