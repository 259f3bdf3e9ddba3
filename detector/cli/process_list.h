/* SPDX-License-Identifier: MIT */
/*
 * process_list.h - the processes that `gridlock attach` could look at, for completions
 *
 * Layer:    detector/cli
 * Memory:   none kept
 * Locking:  none
 * Errors:   a process that ends meanwhile is left out
 */
#ifndef CLI_PROCESS_LIST_H
#define CLI_PROCESS_LIST_H

/* Lines on stdout: PID, tab, name and number of threads. The exit status. */
int process_list(void);

#endif
