/* SPDX-License-Identifier: MIT */
/*
 * fake_image.h - an image that no process ever was: threads, frames and memory as a test wants them
 *
 * Layer:    tests/unit
 * Memory:   static; one image at a time
 * Locking:  none
 * Errors:   a test that asks for too much fails
 *
 * Memory is the test's own: objects lie where they really are, and only what was given by
 * fake_memory() can be read.
 */
#ifndef GRIDLOCK_TESTS_FAKE_IMAGE_H
#define GRIDLOCK_TESTS_FAKE_IMAGE_H

#include "tests/unit/unit.h"

#include "detector/cli/attach/image.h"

enum { FAKE_CODE = 0x1000 }; /* all functions lie there, in one module */

/* An image of glibc's without threads. */
struct image *fake_image(void);

/* What image_read() finds there. */
void fake_memory(const void *memory, size_t size);

/* A thread with this id, asleep (state S), in no call; `frames`: names of functions, innermost first,
 * those of libc up to a `|`, then the program's: "futex_wait pthread_mutex_lock | worker". */
struct image_thread *fake_thread(struct image *image, int tid, const char *frames);

/* It sleeps in futex(word, operation, expected, timeout). */
void fake_futex(struct image_thread *thread, const void *word, int operation, uint32_t expected,
                bool timed);

#endif
