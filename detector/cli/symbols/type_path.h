/* SPDX-License-Identifier: MIT */
/*
 * type_path.h - the members and indexes that lead to an offset within a type
 *
 * Layer:    detector/cli/symbols
 * Memory:   the path belongs to the pool
 * Locking:  none
 * Errors:   NULL if the offset lies outside the type
 */
#ifndef CLI_TYPE_PATH_H
#define CLI_TYPE_PATH_H

#include <elfutils/libdw.h>
#include <stdint.h>

#include "detector/cli/base/pool.h"

/* `[1].lock` for the second element's lock; `` where the whole is meant. */
const char *type_path(struct pool *pool, Dwarf_Die *type, uint64_t offset);

#endif
