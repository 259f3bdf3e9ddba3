/* SPDX-License-Identifier: MIT */
/*
 * decode.h - from a thread's frames and the words in memory to what it waits for
 *
 * Layer:    detector/cli/attach
 * Memory:   texts belong to the look
 * Locking:  none
 * Errors:   what does not look like the object that the frames speak of is told as a futex
 */
#ifndef CLI_ATTACH_DECODE_H
#define CLI_ATTACH_DECODE_H

#include "detector/cli/attach/futex.h"
#include "detector/cli/attach/look.h"
#include "detector/cli/attach/primitive.h"

/* One thread of the look, asleep on a futex in an operation. */
struct asleep {
    struct look *look;
    size_t thread;
    struct primitive_site site;
    struct futex_wait futex;
};

/* Fills *w, whose caller, timed and word are known already. */
void decode_futex(const struct asleep *asleep, struct waiting *w);

#endif
