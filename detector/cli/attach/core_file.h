/* SPDX-License-Identifier: MIT */
/*
 * core_file.h - is this file a core, and are the files that it names still the same?
 *
 * Layer:    detector/cli/attach
 * Memory:   on the given pool; the caller closes fd and elf
 * Locking:  none
 * Errors:   texts that say what the file is instead, and what to do
 */
#ifndef CLI_CORE_FILE_H
#define CLI_CORE_FILE_H

#include <gelf.h>

#include "detector/cli/attach/image_source.h"

struct core_file {
    const char *path;
    int fd;
    Elf *elf;
    uint64_t size, wanted; /* bytes that are there, and that its headers speak of */
    bool cut_off;
    GElf_Phdr *segments;
    size_t segment_count;
};

/* NULL if it is one; else what is wrong with it, and nothing is open. */
const char *core_file_open(struct core_file *file, struct pool *pool, const char *path);

/* The notes in a segment, as far as they are there; NULL if it has none. */
Elf_Data *core_file_notes(const struct core_file *file, size_t segment);

/*
 * Fills `file` of the image's mappings, and image->executable: `program` is an address within it.
 * `given` stands for the file of that name; NULL: none was given. STATUS_OK, or what to exit with.
 */
int core_find_files(struct image *image, uint64_t program, const char *given);

#endif
