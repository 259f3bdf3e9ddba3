/* SPDX-License-Identifier: MIT */
/*
 * help_plain.h - `gridlock help --plain`: what there is, for completions and other programs
 *
 * Layer:    detector/cli
 * Memory:   none kept
 * Locking:  none
 * Errors:   an unknown subject is said on stderr
 */
#ifndef CLI_HELP_PLAIN_H
#define CLI_HELP_PLAIN_H

/* `commands` (also for NULL), `findings`, `lessons`, `processes`, or a command's options. Returns the
 * exit status. */
int help_plain(const char *subject);

#endif
