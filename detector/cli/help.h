/* SPDX-License-Identifier: MIT */
/*
 * help.h - `gridlock help` and `--help`
 *
 * Layer:    detector/cli
 * Memory:   static
 * Locking:  none
 * Errors:   a page that does not exist is said on stderr
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdbool.h>

extern const char version_text[];

/* Is --help among the options behind the subcommand argv[0]? What follows a program's name is not
 * ours. */
bool help_wanted(int argc, char **argv);

/* The page of a subcommand; the overview for NULL. Returns the exit status. */
int help_show(const char *name);

int help_main(int argc, char **argv);

#endif
