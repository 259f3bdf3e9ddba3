/* SPDX-License-Identifier: MIT */
/*
 * core_notes.h - what a core's notes tell: threads, files, the process
 *
 * Layer:    detector/cli/attach
 * Memory:   on the given pool
 * Locking:  none
 * Errors:   a note that is cut off is left out
 */
#ifndef CLI_CORE_NOTES_H
#define CLI_CORE_NOTES_H

#include <gelf.h>

#include "detector/cli/attach/image_source.h"
#include "detector/cli/attach/registers.h"

struct core_thread {
    int tid;
    const char *name; /* NULL if not told */
    struct registers registers;
};

struct core_notes {
    struct pool *pool;
    struct core_thread *threads; /* in the core's order: the one that died first */
    size_t thread_count, thread_capacity;
    struct mapping *files; /* NT_FILE: which file lay where */
    size_t file_count;
    int pid;
    const char *process;    /* NULL if not told */
    uint64_t program, vdso; /* addresses within both; 0 if not told */
};

/* Reads the notes in `data`. */
void core_notes_read(struct core_notes *notes, Elf_Data *data);

#endif
