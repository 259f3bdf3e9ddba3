/* SPDX-License-Identifier: MIT */
/*
 * lines.h - which functions and lines does an address in a module belong to?
 *
 * Layer:    detector/cli/symbols
 * Memory:   frames and names belong to the pool
 * Locking:  none
 * Errors:   an address without debug information gives one frame with what the symbols know
 */
#ifndef CLI_LINES_H
#define CLI_LINES_H

#include "detector/cli/finding/finding.h"
#include "detector/cli/symbols/module.h"

/* The frames at `address` (of the call itself), innermost first: a function that was inlined has a
 * frame of its own. At least one; m may be NULL. */
struct stack lines_at(struct pool *pool, struct module *m, const char *path, uint64_t address);

#endif
