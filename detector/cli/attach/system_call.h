/* SPDX-License-Identifier: MIT */
/*
 * system_call.h - what a thread does in the kernel, in words
 *
 * Layer:    detector/cli/attach
 * Memory:   the text belongs to the pool
 * Locking:  none
 * Errors:   a call that has no words is told by its number
 */
#ifndef CLI_ATTACH_SYSTEM_CALL_H
#define CLI_ATTACH_SYSTEM_CALL_H

#include "detector/cli/attach/image.h"

/* `read from fd 3 (a socket)`, `poll`, `nanosleep`. *timed: it ends after some time at the latest. */
const char *word_system_call(struct pool *pool, const struct image *image,
                             const struct image_thread *thread, bool *timed);

#endif
