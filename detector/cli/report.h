/* SPDX-License-Identifier: MIT */
/*
 * report.h - `gridlock report`: findings from a file
 *
 * Layer:    detector/cli
 * Memory:   none kept
 * Locking:  none
 * Errors:   one line on stderr and the status
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

/* argv[0] is "report". Returns the exit status. */
int report_main(int argc, char **argv);

#endif
