/* SPDX-License-Identifier: MIT */
/*
 * area.h - the findings area as the library writes it
 *
 * Layer:    detector/report
 * Memory:   one mapping, from start-up to the end of the process
 * Locking:  area_append() from any thread and process
 * Errors:   no area: appending returns false
 */
#ifndef GRIDLOCK_REPORT_AREA_H
#define GRIDLOCK_REPORT_AREA_H

#include <stdbool.h>
#include <stddef.h>

/* Maps the command's area, or, with path == NULL, one of its own. */
bool area_open(const char *path);
/* Writes down whose area it is now: our version, and the bits of enum findings_layout. */
void area_sign(unsigned layout);
/* Was it made by ourselves? */
bool area_is_own(void);
/* Does nobody read it unless we start the command? So it is also for a daemon, when the process
 * that `gridlock run` started, and with it the command, has ended. */
bool area_has_no_reader(void);
/* A process begins. Is it the first one that uses this area? */
bool area_join(int process);
/* Has another one begun than the first? */
bool area_has_several(void);
/* Adds a line; its newline is in `line`. */
bool area_append(const char *line, size_t length);
/* Moves what was added since the last call into `fd`, as an area of its own. */
bool area_take_new(int fd);

#endif
