/* SPDX-License-Identifier: MIT */
/*
 * gridlock.h - Go's concurrency for C: goroutines, channels, select, WaitGroup, context, timers
 *
 * Programs include this one header and link with what `pkg-config --cflags --libs gridlock` says.
 * Locks stay pthread's own; they are included here too, since a program needs both.
 *
 * Names:    each module has its prefix (chan_, waitgroup_, context_, ...); durations are int64_t
 *           nanoseconds, points in time are nanoseconds of CLOCK_MONOTONIC
 * Errors:   misuse that panics in Go prints Go's words and aborts; outcomes (closed, would block,
 *           cancelled) are return values
 * Signals:  nothing here is async-signal-safe but context_err()
 * Cancel:   no function is a cancellation point; cancel a context, not a thread
 */
#ifndef GRIDLOCK_H
#define GRIDLOCK_H

#ifdef __cplusplus
#error "gridlock.h is C (gnu11): call the runtime from a C file; the detector watches C++ as it is"
#endif

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef __cplusplus /* else more would be said than the one error */
#include <gridlock/chan.h>
#include <gridlock/context.h>
#include <gridlock/defer.h>
#include <gridlock/go.h>
#include <gridlock/select.h>
#include <gridlock/time.h>
#include <gridlock/waitgroup.h>
#endif

#endif
