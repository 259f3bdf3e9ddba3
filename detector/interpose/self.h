/* SPDX-License-Identifier: MIT */
/*
 * self.h - who calls this wrapper, and is it to be watched at all?
 *
 * Layer:    detector/interpose
 * Memory:   none
 * Locking:  none on the fast path
 * Errors:   NULL: pass the call straight through
 */
#ifndef GRIDLOCK_INTERPOSE_SELF_H
#define GRIDLOCK_INTERPOSE_SELF_H

#include "detector/core/event.h"
#include "detector/interpose/real.h"

/* Starts the library if nothing did yet, and makes the caller known if it was not created
 * through us. NULL while starting, inside the detector, and after the thread's end. */
struct thread *self_slow(void);

/* After this the calling thread is nobody's: the watcher, and threads at their very end. */
void self_hide(void);

/* Ties the record to the thread, so that its end is noticed. */
void self_attach(struct thread *thread);

static inline struct thread *self(void)
{
    struct thread *thread = thread_current;

    return __builtin_expect(!thread, 0) ? self_slow() : thread;
}

#endif
