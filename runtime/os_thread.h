/* SPDX-License-Identifier: MIT */
/*
 * os_thread.h - a thread of the operating system, detached, with a small stack
 *
 * Layer:    runtime
 * Memory:   the stack is the thread's
 * Locking:  none
 * Errors:   those of pthread_create()
 */
#ifndef GRIDLOCK_RUNTIME_OS_THREAD_H
#define GRIDLOCK_RUNTIME_OS_THREAD_H

#include <stddef.h>

/* Runs run(arg) on a stack of at least `stack_bytes`. */
int os_thread_start(void *(*run)(void *), void *arg, size_t stack_bytes);

#endif
