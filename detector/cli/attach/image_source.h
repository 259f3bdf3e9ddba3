/* SPDX-License-Identifier: MIT */
/*
 * image_source.h - where an image's memory and modules come from
 *
 * Layer:    detector/cli/attach, for the files that make an image
 * Memory:   on the image's pool; image_close() ends what `close` and `dwfl` stand for
 * Locking:  none
 * Errors:   none
 */
#ifndef CLI_IMAGE_SOURCE_H
#define CLI_IMAGE_SOURCE_H

#include "detector/cli/attach/image.h"

/* A piece of the address space. */
struct mapping {
    uint64_t start, end, offset;
    const char *path; /* as the process knows it; "" for memory that is no file */
    const char *file; /* where it can be read now; NULL: nowhere */
    bool executable;
    uint64_t stored_at, stored; /* where a core has its first bytes, and how many of them */
};

struct image_source {
    bool (*read)(const struct image *image, uint64_t address, void *to, size_t size);
    void (*close)(struct image *image);
    struct mapping *mappings; /* by address */
    size_t mapping_count;
    struct unwinder *unwinder;
    void *own; /* what the reader of the process, or of the core, keeps */
};

/* The piece that holds the address; NULL if there is none. */
const struct mapping *image_mapping_at(const struct image *image, uint64_t address);

/* The number of the call that was made at pc: a stop may have left `restart_syscall` in its place. */
long image_call(const struct image *image, long call, uint64_t pc);

/* Adds a line to image->warning. */
void image_warn(struct image *image, const char *text);

/* Which libc, by what a struct pthread and the loader's name look like. Requires: modules. */
enum image_libc image_libc_of(const struct image *image);

#endif
