/* SPDX-License-Identifier: MIT */
/*
 * cleanup.h - what to do when a thread is cancelled inside a real function that we called
 *
 * Layer:    detector/interpose
 * Memory:   the caller's struct _pthread_cleanup_buffer, on its stack
 * Locking:  none
 * Errors:   none
 *
 * glibc's older interface: the buffer is registered with the thread, and nothing is left to the
 * unwinder. The compiler's cleanup attribute would need _Unwind_Resume() from the same unwinder
 * that is at work, and ours is a private one.
 */
#ifndef GRIDLOCK_INTERPOSE_CLEANUP_H
#define GRIDLOCK_INTERPOSE_CLEANUP_H

#include <pthread.h>

void _pthread_cleanup_push(struct _pthread_cleanup_buffer *buffer, void (*routine)(void *),
                           void *argument);
void _pthread_cleanup_pop(struct _pthread_cleanup_buffer *buffer, int execute);

#endif
