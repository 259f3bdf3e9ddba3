/* SPDX-License-Identifier: MIT */
/*
 * image_modules.h - which ELF files lie where in the address space?
 *
 * Layer:    detector/cli/attach
 * Memory:   on the image's pool
 * Locking:  none
 * Errors:   a file that cannot be read, or is no ELF file, is no module
 */
#ifndef CLI_IMAGE_MODULES_H
#define CLI_IMAGE_MODULES_H

#include "detector/cli/attach/image.h"

/* Fills image->modules. Requires: the source's mappings, in the order of their addresses. */
void image_find_modules(struct image *image);

/* The module that holds the address; NULL if there is none. */
const struct module_range *image_module_at(const struct image *image, uint64_t address);

#endif
