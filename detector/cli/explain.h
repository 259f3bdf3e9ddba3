/* SPDX-License-Identifier: MIT */
/*
 * explain.h - `gridlock explain NAME`: what a finding means and how to mend it
 *
 * Layer:    detector/cli
 * Memory:   none kept
 * Locking:  none
 * Errors:   one line on stderr and the status
 */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

/* argv[0] is "explain". Returns the exit status. */
int explain_main(int argc, char **argv);

#endif
