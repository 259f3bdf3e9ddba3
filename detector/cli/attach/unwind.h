/* SPDX-License-Identifier: MIT */
/*
 * unwind.h - from registers and memory to frames with names
 *
 * Layer:    detector/cli/attach
 * Memory:   frames and names are on the image's pool
 * Locking:  none
 * Errors:   a stack that cannot be followed ends early
 */
#ifndef CLI_UNWIND_H
#define CLI_UNWIND_H

#include "detector/cli/attach/image.h"
#include "detector/cli/attach/registers.h"

struct unwinder;

/* What was copied of a stack while its thread stood. */
struct stack_copy {
    uint64_t start;
    size_t size;
    const unsigned char *bytes;
};

/*
 * Fills thread->frames. Returns whether the stack was followed to its proper end with nothing guessed.
 * `guess`: rbp, if it is needed and not known. Requires: image->modules.
 */
bool unwind(struct image *image, struct image_thread *thread, const struct registers *registers,
            const struct stack_copy *stack, bool guess);

void unwinder_close(struct unwinder *u);

#endif
