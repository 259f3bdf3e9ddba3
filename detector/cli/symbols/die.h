/* SPDX-License-Identifier: MIT */
/*
 * die.h - small questions about one entry of the debug information
 *
 * Layer:    detector/cli/symbols
 * Memory:   strings belong to the debug information or to the given pool
 * Locking:  none
 * Errors:   false or NULL where an attribute is missing
 */
#ifndef CLI_DIE_H
#define CLI_DIE_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

#include "detector/cli/base/pool.h"

bool die_number(Dwarf_Die *die, unsigned attribute, uint64_t *value);

/* The entry that `attribute` (DW_AT_type, DW_AT_specification, ...) refers to. */
bool die_reference(Dwarf_Die *die, unsigned attribute, Dwarf_Die *target);

/* The type of a variable or member, followed through its declaration. */
bool die_type(Dwarf_Die *die, Dwarf_Die *type);

/* `bank::Account::deposit` for C++; the plain name for C. NULL for what has no name. */
const char *die_qualified_name(struct pool *pool, Dwarf_Die *die);

#endif
