/* SPDX-License-Identifier: MIT */
/*
 * arena.h - the detector's own memory, straight from mmap
 *
 * Layer:    detector/core (no malloc: the program's malloc may be what is being watched)
 * Memory:   blocks are zeroed, and aligned to 16 bytes, those above 256 bytes to 128; the caller
 *           gives the size back with the block
 * Locking:  any thread; one raw_lock inside
 * Errors:   NULL when the kernel has no more memory: the caller drops what it wanted to keep and
 *           says so once (limit_reached)
 */
#ifndef GRIDLOCK_CORE_ARENA_H
#define GRIDLOCK_CORE_ARENA_H

#include <stddef.h>

void *arena_alloc(size_t size);
void arena_free(void *block, size_t size);

/* Grows *array of `*capacity` elements of `size` bytes to hold `wanted` of them; the new ones are
 * zero. False: no memory, nothing changed. */
int arena_grow(void **array, unsigned *capacity, unsigned wanted, size_t size);

/* Around a fork, so that the child finds the arena whole. */
void arena_lock(void);
void arena_unlock(void);

#endif
