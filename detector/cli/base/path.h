/* SPDX-License-Identifier: MIT */
/*
 * path.h - file names as a reader wants them
 *
 * Layer:    detector/cli/base
 * Memory:   the result is a part of the argument
 * Locking:  none
 * Errors:   none
 */
#ifndef CLI_PATH_H
#define CLI_PATH_H

const char *path_base(const char *path);

/* Relative to the current directory if the file lies below it, else unchanged. */
const char *path_short(const char *path);

#endif
