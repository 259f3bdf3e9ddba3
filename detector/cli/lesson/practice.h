/* SPDX-License-Identifier: MIT */
/*
 * practice.h - the `practice` command
 *
 * Layer:    detector/cli/lesson
 * Memory:   its own
 * Locking:  none
 * Errors:   one line on stderr and the exit status
 */
#ifndef CLI_PRACTICE_H
#define CLI_PRACTICE_H

#define PRACTICE_FOLDER "practice"

int practice_main(int argc, char **argv);

#endif
