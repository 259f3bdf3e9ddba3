/* SPDX-License-Identifier: MIT */
/*
 * source.h - lines of source files
 *
 * Layer:    detector/cli/base
 * Memory:   files are read once and live until sources_close()
 * Locking:  none
 * Errors:   NULL for what cannot be read
 */
#ifndef CLI_SOURCE_H
#define CLI_SOURCE_H

/* The text of a line (from 1), without its end. */
const char *source_line(const char *file, int line);

void sources_close(void);

#endif
