/* SPDX-License-Identifier: MIT */
/*
 * capture.h - the registers and stacks of threads that must be stopped for it
 *
 * Layer:    detector/cli/attach
 * Memory:   what was copied is on the given pool
 * Locking:  a thread of our own does it, and the caller waits for its end
 * Errors:   a thread that cannot be stopped stays as it was before, with errno's number
 */
#ifndef CLI_CAPTURE_H
#define CLI_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "detector/cli/attach/registers.h"
#include "detector/cli/attach/unwind.h"
#include "detector/cli/base/pool.h"

struct capture {
    int tid;
    uint64_t stack_end; /* guess where its stack begins, or where the mapping ends; 0: unknown */
    bool stood;         /* a signal had stopped it before */
    bool done;          /* registers and stack are there */
    int error;          /* why not */
    uint64_t stopped_ns;
    struct registers registers;
    struct stack_copy stack;
};

/* Stops each of them in turn, copies, and lets it go. When this returns, nobody is stopped by us. */
void capture_threads(struct pool *pool, int pid, struct capture *captures, size_t count);

#endif
