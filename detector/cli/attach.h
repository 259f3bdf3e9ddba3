/* SPDX-License-Identifier: MIT */
/*
 * attach.h - `gridlock attach` and `gridlock core`: what hangs, although it was started without us
 *
 * Layer:    detector/cli
 * Memory:   none kept
 * Locking:  none
 * Errors:   one line on stderr and the status
 */
#ifndef CLI_ATTACH_H
#define CLI_ATTACH_H

/* argv[0] is "attach". Returns the exit status. */
int attach_main(int argc, char **argv);

/* argv[0] is "core". Returns the exit status. */
int core_main(int argc, char **argv);

#endif
