/* SPDX-License-Identifier: MIT */
/*
 * variable.h - the name of what lies at a fixed address: `accounts[1].lock`
 *
 * Layer:    detector/cli/symbols
 * Memory:   the name belongs to the pool, the table to the module
 * Locking:  none
 * Errors:   NULL where the debug information knows no variable there
 */
#ifndef CLI_VARIABLE_H
#define CLI_VARIABLE_H

#include <stdint.h>

#include "detector/cli/base/pool.h"
#include "detector/cli/symbols/module.h"

struct variable_table;

/* Variable with members and indexes, down to the lock itself; `counter.lock` for a static local. */
const char *variable_name(struct pool *pool, struct module *m, uint64_t address);

void variables_free(struct variable_table *table);

#endif
