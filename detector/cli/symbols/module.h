/* SPDX-License-Identifier: MIT */
/*
 * module.h - one ELF file and its debug information, opened once and kept
 *
 * Layer:    detector/cli/symbols
 * Memory:   modules live until modules_close(); the strings they return as long
 * Locking:  none, the command has one thread
 * Errors:   what cannot be read or is not known is NULL or false
 *
 * Addresses here are the module's own (as in its ELF file), never those of a process.
 */
#ifndef CLI_MODULE_H
#define CLI_MODULE_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

#include "detector/cli/base/pool.h"

struct module;

struct module *module_open(const char *path);
void modules_close(void);

/* What must be taken from an address of a process that mapped this file with `start` as its lowest
 * address, from file offset `offset`, to get an address of the module. */
bool module_bias(struct module *m, uint64_t start, uint64_t offset, uint64_t *bias);

/* The symbol that covers `address`; *offset is the distance from its start. */
const char *module_symbol(struct module *m, uint64_t address, uint64_t *offset);

/* Calls visit for each compilation unit until it returns true. */
bool module_each_unit(struct module *m, bool (*visit)(Dwarf_Die *unit, void *data), void *data);

/* The unit whose code covers `address`. */
bool module_unit_at(struct module *m, uint64_t address, Dwarf_Die *unit);

/* Addresses in the DWARF are this much lower than the module's (separate debug files). */
uint64_t module_dwarf_bias(struct module *m);

/* NULL without debug information. */
Dwarf *module_dwarf(struct module *m);

/* The separate file that the debug information was found in; NULL if there is none. */
const char *module_debug_file(struct pool *pool, struct module *m);

/* In hexadecimal; NULL if the file has none. */
const char *module_build_id(struct pool *pool, struct module *m);

/* Has it the symbols of its own functions, not only of those it exports? */
bool module_has_symbols(struct module *m);

/* The variables with a fixed address, sorted; filled once by variables_of(). */
struct variable_table **module_variables(struct module *m);

#endif
