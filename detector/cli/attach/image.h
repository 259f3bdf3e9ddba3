/* SPDX-License-Identifier: MIT */
/*
 * image.h - one look at a process that was started without us, or at its core
 *
 * Layer:    detector/cli/attach
 * Memory:   everything hangs on the image's pool; image_close() gives it back
 * Locking:  none; a live process is stopped, thread by thread, only while it is read
 * Errors:   one line in image.error, for people, and the status
 *
 * An image says what is there: threads, registers, frames, memory, modules. What the words in memory
 * mean (who owns a mutex) is for others to know.
 */
#ifndef CLI_IMAGE_H
#define CLI_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "detector/cli/base/pool.h"
#include "detector/cli/finding/finding.h"

struct image_frame {
    uint64_t pc;          /* a return address, but for the innermost frame */
    uint64_t cfa;         /* the stack pointer before the call; 0 if unknown */
    const char *function; /* of the dynamic or the full symbol table; NULL if unknown */
    const char *module;   /* path of the ELF file; NULL if unknown */
};

struct image_thread {
    int tid;
    const char *name;
    char state;       /* as in /proc/PID/stat: R, S, D, T, ...; '?' where the core does not tell */
    long call;        /* the number of the system call that it is in; -1: none */
    uint64_t arguments[6];
    uint64_t thread_pointer; /* the address of its struct pthread */
    uint64_t switches;       /* how often it was put on a processor; 0 if unknown */
    struct image_frame *frames; /* innermost first */
    size_t frame_count;
};

struct image {
    struct pool pool;
    int pid;
    bool live;           /* false: a core */
    const char *process; /* its name */
    const char *executable;
    struct image_thread *threads; /* the first is main */
    size_t thread_count;
    struct module_range *modules; /* as struct finding has them */
    size_t module_count;
    const char *error; /* why there is none */
    struct image_source *source;
};

/* One look. 0, or an exit status with image->error set. */
int image_of_process(struct image *image, int pid);
int image_of_core(struct image *image, const char *core, const char *executable);

/* Copies `size` bytes from the process. False if one of them is not there. */
bool image_read(const struct image *image, uint64_t address, void *to, size_t size);

void image_close(struct image *image);

#endif
