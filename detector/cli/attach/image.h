/* SPDX-License-Identifier: MIT */
/*
 * image.h - one look at a process that was started without us, or at its core
 *
 * Layer:    detector/cli/attach
 * Memory:   everything hangs on the image's pool; image_close() gives it back
 * Locking:  none; a live process is stopped, thread by thread, only while registers are read
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
    int inner_tid;    /* its number in its own PID namespace: what glibc's structures hold */
    const char *name; /* NULL: a core does not tell */
    char state;       /* as in /proc/PID/stat: R, S, D, T, ...; '?' where the core does not tell */
    long call;        /* the number of the system call that it is in; -1: none, or it runs */
    uint64_t
        arguments[6]; /* of the call; without one, the registers that a call would have them in */
    uint64_t sp, pc;  /* 0 if unknown */
    uint64_t thread_pointer;    /* the address of its struct pthread; 0 if unknown */
    uint64_t switches;          /* how often it was put on a processor; 0 if unknown */
    bool exact;                 /* all registers are known, not only sp and pc */
    bool stopped;               /* it had to be stopped for this look */
    struct image_frame *frames; /* innermost first */
    size_t frame_count;
};

enum image_libc { IMAGE_GLIBC, IMAGE_MUSL, IMAGE_OTHER_LIBC };

struct image {
    struct pool pool;
    int pid;
    bool live; /* false: a core */
    int alive; /* a thread that has not ended: where main has, /proc/PID holds nothing more */
    const char *process; /* its name */
    const char *executable;
    enum image_libc libc;
    int traced_by;                /* the debugger that has it; 0: none */
    struct image_thread *threads; /* the first is main */
    size_t thread_count;
    struct module_range *modules; /* as struct finding has them */
    size_t module_count;
    size_t stopped;           /* how many threads had to be stopped */
    uint64_t longest_stop_ns; /* of one thread */
    const char *warning;      /* what a reader should know of this image, in lines; NULL: nothing */
    const char *error;        /* why there is none */
    struct image_source *source;
};

/* One look. 0, or an exit status with image->error set. */
int image_of_process(struct image *image, int pid);
int image_of_core(struct image *image, const char *core, const char *executable);

/*
 * A second look, some time later. `switches` are those before anybody is stopped again; who is still
 * where it was keeps the frames of the first, and is not stopped: `first` must live on.
 */
int image_again(struct image *second, const struct image *first);

/* False if a thread that the first look had to stop came back to its place so late that it seems to have
 * run in between: then a third look knows better. */
bool image_at_rest(const struct image *second, const struct image *first);

/* Copies `size` bytes from the process. False if one of them is not there. */
bool image_read(const struct image *image, uint64_t address, void *to, size_t size);

void image_close(struct image *image);

#endif
