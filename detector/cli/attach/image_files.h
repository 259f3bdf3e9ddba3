/* SPDX-License-Identifier: MIT */
/*
 * image_files.h - where can the files that a process has mapped be read now?
 *
 * Layer:    detector/cli/attach
 * Memory:   on the image's pool
 * Locking:  none
 * Errors:   a file that cannot be reached stays without one
 */
#ifndef CLI_IMAGE_FILES_H
#define CLI_IMAGE_FILES_H

#include "detector/cli/attach/image_source.h"

/* Fills `file` of each mapping of a live process. */
void image_find_files(struct image *image);

#endif
