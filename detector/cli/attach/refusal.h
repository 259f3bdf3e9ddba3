/* SPDX-License-Identifier: MIT */
/*
 * refusal.h - why a process cannot be looked at, and what would help
 *
 * Layer:    detector/cli/attach
 * Memory:   the text is on the image's pool
 * Locking:  none
 * Errors:   these are the errors
 */
#ifndef CLI_REFUSAL_H
#define CLI_REFUSAL_H

#include "detector/cli/attach/image.h"

/* STATUS_OK if it can; else the exit status, with image->error. A thread's number is as good as that
 * of its process: image->pid becomes the latter. */
int refuse_process(struct image *image, int pid);

/* It ended while we looked. */
int refuse_ended(struct image *image);

#endif
