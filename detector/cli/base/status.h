/* SPDX-License-Identifier: MIT */
/*
 * status.h - the exit statuses that `gridlock` promises
 *
 * Layer:    detector/cli/base
 * Memory:   none
 * Locking:  none
 * Errors:   these are the errors
 */
#ifndef CLI_STATUS_H
#define CLI_STATUS_H

enum status {
    STATUS_OK = 0,
    STATUS_USAGE = 2,            /* wrong usage, or a file that cannot be understood */
    STATUS_FOUND = 66,           /* an error or a warning was found; --exitcode changes it */
    STATUS_COMMAND_FAILED = 125, /* gridlock itself cannot watch this program, as env(1) */
    STATUS_CANNOT_EXECUTE = 126,
    STATUS_NOT_FOUND = 127,
    STATUS_SIGNAL_BASE = 128, /* 128+n: signal n ended the program */
};

#endif
