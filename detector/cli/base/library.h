/* SPDX-License-Identifier: MIT */
/*
 * library.h - where is libgridlock.so?
 *
 * Layer:    detector/cli/base
 * Memory:   the path belongs to the pool
 * Locking:  none
 * Errors:   NULL
 */
#ifndef CLI_LIBRARY_H
#define CLI_LIBRARY_H

#include "detector/cli/base/pool.h"

/* The folder in which the command itself is; NULL if that cannot be known. */
const char *command_directory(struct pool *pool);

/* The library's path without links, or NULL and why not. */
const char *library_look(struct pool *pool, const char **why);

/* The same, said on stderr. */
const char *library_find(struct pool *pool);

#endif
