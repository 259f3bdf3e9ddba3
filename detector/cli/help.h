/* SPDX-License-Identifier: MIT */
/*
 * help.h - the texts of `gridlock --help` and `--version`
 *
 * Layer:    detector/cli
 * Memory:   static
 * Locking:  none
 * Errors:   none
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

extern const char help_text[];
extern const char version_text[];

#endif
