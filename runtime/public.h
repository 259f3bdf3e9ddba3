/* SPDX-License-Identifier: MIT */
/*
 * public.h - which names leave the library? Those of the public headers, and no others
 *
 * Layer:    runtime; the Makefile puts it in front of each of its sources
 * Memory:   none
 * Locking:  none
 * Errors:   none
 *
 * All of the library is compiled with hidden names. A function that was declared as visible before
 * stays so: hence the public headers come first, and need no marks of their own.
 */
#ifndef GRIDLOCK_RUNTIME_PUBLIC_H
#define GRIDLOCK_RUNTIME_PUBLIC_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)
#include "include/gridlock.h"
#pragma GCC visibility pop

#endif
