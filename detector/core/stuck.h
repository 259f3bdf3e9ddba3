/* SPDX-License-Identifier: MIT */
/*
 * stuck.h - the watcher's work: are there threads that can never run again?
 *
 * Layer:    detector/core
 * Memory:   scratch from the arena, kept between looks
 * Locking:  stuck_look() by one thread at a time, without the detector's lock
 * Errors:   no memory: this look finds nothing
 */
#ifndef GRIDLOCK_CORE_STUCK_H
#define GRIDLOCK_CORE_STUCK_H

#include <stdbool.h>
#include <stdint.h>

/* Set by whoever blocks or ends; the watcher sleeps on it. */
extern volatile int stuck_suspected;
/* Starts or wakes the watcher; provided by detector/interpose. */
extern void (*stuck_wake_watcher)(void);
/* Threads of the detector itself: the watcher, while it runs. */
extern unsigned stuck_own_threads;
/* Goroutines that the runtime will start at a certain time. */
extern int stuck_expected;
/* The kernel's id of a thread that looks while it is itself about to wait; 0: none. */
extern int stuck_looker;

static inline void stuck_suspect(void)
{
    if (!__atomic_load_n(&stuck_suspected, __ATOMIC_RELAXED) &&
        !__atomic_exchange_n(&stuck_suspected, 1, __ATOMIC_ACQ_REL) && stuck_wake_watcher)
        stuck_wake_watcher();
}

enum stuck_result {
    STUCK_NOTHING,   /* nobody is stuck, and only an event can change that */
    STUCK_LATER,     /* somebody may be: look again */
    STUCK_REPORTED,
};

/*
 * Looks at all threads. A thread is reported as stuck only if an earlier look, at least
 * `settled_ns` ago, found it stuck in the very same wait. One look does not sleep.
 */
enum stuck_result stuck_look(int64_t now, int64_t settled_ns);

/* Something outside the process, or outside the watched threads, may wake waiters: a signal
 * handler, a timer's thread. Conditions and semaphores are then never certain to be stuck. */
void stuck_external_wakers(void);

#endif
