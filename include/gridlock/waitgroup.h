/* SPDX-License-Identifier: MIT */
/*
 * waitgroup.h - waiting until a number of tasks is done
 *
 * Source:   Go's sync.WaitGroup
 * Memory:   the caller's; it needs no destruction. Its memory may end as soon as all waits have
 *           returned; the last waitgroup_done() does not touch it after that. It must not be copied
 *           after its first use: reported as copied-lock
 * Locking:  any thread may call any of these at any time
 * Errors:   panics as in Go: "sync: negative WaitGroup counter"; a task announced, from zero on,
 *           before everybody is back from the wait that zero ended: "sync: WaitGroup misuse: Add
 *           called concurrently with Wait" while they are being woken, "sync: WaitGroup is reused
 *           before previous Wait has returned" after that
 *
 * Announce a task before it starts, in the thread that waits:
 *
 *      struct waitgroup wg = WAITGROUP_INIT;
 *
 *      for (int i = 0; i < 3; i++)
 *          waitgroup_go(&wg, fetch, &jobs[i]);
 *      waitgroup_wait(&wg);
 */
#ifndef GRIDLOCK_WAITGROUP_H
#define GRIDLOCK_WAITGROUP_H

#include <gridlock/call.h>

#include <stdint.h>

struct waitgroup_waiter;

/* All zeros is a WaitGroup with nothing to wait for. The members are the runtime's. */
struct waitgroup {
    volatile int lock;
    int32_t count;                    /* tasks that are not done */
    uint32_t leaving;                 /* threads that were woken, and are not yet back */
    struct waitgroup_waiter *waiters; /* threads that wait; the newest first */
    const struct waitgroup *self;     /* where it was first used */
};

#define WAITGROUP_INIT \
    {                  \
        0              \
    }

/* Announces `delta` more tasks, or that -delta are done. */
void waitgroup_add(struct waitgroup *wg, int delta);
/* One task is done. What the caller did before happens before the return of the wait it ends. */
void waitgroup_done(struct waitgroup *wg);
/* Blocks until the counter is zero; at once if it is. */
void waitgroup_wait(struct waitgroup *wg);
/* Announces one task, runs fn(arg) in a new goroutine, and marks it done when fn returns. */
void waitgroup_go(struct waitgroup *wg, void (*fn)(void *), void *arg);

/* The functions, where reports can place the call (gridlock/call.h). */
#define waitgroup_add(wg, delta) GRIDLOCK_CALL(waitgroup_add(wg, delta))
#define waitgroup_done(wg)       GRIDLOCK_CALL(waitgroup_done(wg))
#define waitgroup_wait(wg)       GRIDLOCK_CALL(waitgroup_wait(wg))

#endif
