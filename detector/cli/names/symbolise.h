/* SPDX-License-Identifier: MIT */
/*
 * symbolise.h - a finding's addresses become functions, files and lines
 *
 * Layer:    detector/cli/names
 * Memory:   the frames belong to the finding
 * Locking:  none
 * Errors:   none: what is not known stays module and offset
 */
#ifndef CLI_SYMBOLISE_H
#define CLI_SYMBOLISE_H

#include "detector/cli/finding/finding.h"
#include "detector/cli/symbols/module.h"

/* Every stack of a raw finding; nothing to do for a finished one. */
void symbolise(struct finding *f);

/* The module that `address` of the finding's process lies in; *inside is the module's own address
 * and *path the file. NULL, with *path set, if the file is known but not readable. */
struct module *module_at(const struct finding *f, uint64_t address, uint64_t *inside,
                         const char **path);

#endif
