/* SPDX-License-Identifier: MIT */
/*
 * run.h - `gridlock run`: a program with the detector in it
 *
 * Layer:    detector/cli
 * Memory:   none kept
 * Locking:  none
 * Errors:   one line on stderr and the status
 */
#ifndef CLI_RUN_H
#define CLI_RUN_H

/* argv[0] is "run". Returns the exit status. */
int run_main(int argc, char **argv);

#endif
