/* SPDX-License-Identifier: MIT */
/*
 * statement.h - the whole of a statement that begins or goes on before a line, or ends after it
 *
 * Layer:    detector/cli/names
 * Memory:   the text belongs to the pool
 * Locking:  none
 * Errors:   NULL where the source is not at hand
 */
#ifndef CLI_STATEMENT_H
#define CLI_STATEMENT_H

#include <stddef.h>

#include "detector/cli/base/pool.h"

/* The statement's lines with '\n' between them; the line itself starts at byte *start. */
const char *statement_text(struct pool *pool, const char *file, int line, size_t *start);

#endif
