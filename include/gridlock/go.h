/* SPDX-License-Identifier: MIT */
/*
 * go.h - goroutines: functions that run at the same time as their caller
 *
 * Source:   the Go specification, "Go statements"; runtime.NumGoroutine
 * Memory:   `arg` is the caller's and must live until fn has no more use for it
 * Locking:  any thread may call any of these
 * Errors:   when no goroutine can be had: "runtime: failed to create new OS thread", and abort
 *
 * When main returns the process ends, whatever goroutines still do; wait for them with a WaitGroup
 * or a channel. A goroutine that is still blocked then is reported as leaked-thread.
 *
 * A goroutine has a stack of 256 KiB, of which only the part it used takes memory. Nothing promises
 * that it is a thread: do not keep its pthread_self(), join it or cancel it.
 */
#ifndef GRIDLOCK_GO_H
#define GRIDLOCK_GO_H

#include <stddef.h>

/* Runs fn(arg) in a new goroutine. What the caller did before happens before fn. */
void go(void (*fn)(void *), void *arg);
/* The same, with a name for reports (at most 31 bytes are kept). */
void go_named(const char *name, void (*fn)(void *), void *arg);

/* Goroutines alive, main included; threads that were not started by go() do not count. */
size_t go_count(void);

/* Gives a lock, channel, WaitGroup, ... a name for reports, printf-like, at most 47 bytes:
 * gridlock_name(&m, "accounts[%d]", i), gridlock_name(jobs.chan, "jobs"). The text is copied. */
void gridlock_name(const void *object, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
