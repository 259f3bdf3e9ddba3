/* SPDX-License-Identifier: MIT */
/*
 * primitive.h - which operation of pthreads, C11 or our runtime is a thread in?
 *
 * Layer:    detector/cli/attach
 * Memory:   none
 * Locking:  none
 * Errors:   PRIMITIVE_NONE: in none that is known, or its frames have no names
 */
#ifndef CLI_ATTACH_PRIMITIVE_H
#define CLI_ATTACH_PRIMITIVE_H

#include "detector/cli/attach/image.h"

enum primitive {
    PRIMITIVE_NONE,
    MUTEX_LOCK,
    COND_WAIT,
    READ_LOCK,
    WRITE_LOCK,
    SEMAPHORE_WAIT,
    BARRIER_WAIT,
    ONCE,
    JOIN,
    SPIN_LOCK,
    LIBC_LOCK, /* a lock of libc's own: of a stream, of malloc */
    CHANNEL_SEND,
    CHANNEL_RECEIVE,
    CHANNEL_SELECT,
    WAITGROUP_WAIT,
    RUNTIME_SLEEP,
};

struct primitive_site {
    enum primitive what;
    size_t frame;  /* the innermost frame that tells */
    size_t caller; /* the first frame that is not the operation's own */
};

struct primitive_site primitive_of(const struct image_thread *thread);

/* What a function's name stands for; with or without version, underscores, `_full64` and the like. */
enum primitive primitive_named(const char *function);

/* A part of the C library, or of what stands between it and the program. */
bool is_library_frame(const struct image_frame *frame);

/* A part of our own library. */
bool is_runtime_frame(const struct image_frame *frame);

#endif
