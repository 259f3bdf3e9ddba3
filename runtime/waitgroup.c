/* SPDX-License-Identifier: MIT */
/*
 * How does one wait for a number of tasks?
 *
 * After Go's waitgroup.go, but with a lock, since whoever returns from the wait may end the
 * WaitGroup's life at once:
 *
 * 1. Who makes the counter zero finds everybody who waits in a list, and wakes one after the other.
 *    From the last one on it does not touch the WaitGroup: that one may be gone.
 * 2. Who finds the counter at zero does not wait. It has had the lock for that; so whoever made it
 *    zero before has given it back, and does not come again.
 *
 * Invariants: while the counter is above zero nobody is in the wait but those in the list; while it
 * is zero the list holds those who are about to be woken, and `leaving` counts those who were, and
 * have not come back yet. A task announced then could belong to the wait before or to the next: a
 * panic, as in Go.
 */
#include "include/gridlock/waitgroup.h"

#include "runtime/go.h"
#include "runtime/lock.h"
#include "runtime/panic.h"
#include "runtime/park.h"

#include <pthread.h>

struct waitgroup_waiter {
    struct waitgroup_waiter *next;
    struct parker *parker;
};

static struct raw_lock *lock_of(struct waitgroup *wg)
{
    return (struct raw_lock *)&wg->lock;
}

/* --- the beginning; locked --- */

/* A copy keeps its count, but those who wait at the original are none of its own. */
static void begin(struct waitgroup *wg, struct site site)
{
    const struct waitgroup *original = wg->self;

    wg->self = wg;
    event_waitgroup_made(wg, site);
    if (!original)
        return;
    event_waitgroup_added(wg, wg->count, site);
    wg->waiters = NULL;
    wg->leaving = 0;
    event_waitgroup_copied(wg, original, site);
}

static void enter(struct waitgroup *wg, struct site site)
{
    lock_take(lock_of(wg));
    if (__builtin_expect(wg->self != wg, 0))
        begin(wg, site);
}

/* --- misuse; locked --- */

static _Noreturn void panic_negative(struct waitgroup *wg, struct site site)
{
    lock_give(lock_of(wg));
    panic_say("sync: negative WaitGroup counter");
    event_waitgroup_negative(wg, site);
    abort();
}

static _Noreturn void panic_reused(struct waitgroup *wg, struct site site)
{
    const char *text = wg->waiters ? "sync: WaitGroup misuse: Add called concurrently with Wait"
                                   : "sync: WaitGroup is reused before previous Wait has returned";

    lock_give(lock_of(wg));
    panic_say(text);
    event_waitgroup_reused(wg, site);
    abort();
}

/* --- counting --- */

/* Locked; the lock is given back. Step 1. */
static void wake_all(struct waitgroup *wg)
{
    struct waitgroup_waiter *waiter;
    bool last = !wg->waiters;

    while (!last) {
        struct parker *parker;

        waiter = wg->waiters;
        wg->waiters = waiter->next;
        wg->leaving++;
        last = !wg->waiters;
        parker = waiter->parker;
        lock_give(lock_of(wg));
        unpark(parker);
        if (!last)
            lock_take(lock_of(wg));
    }
}

static void add(struct waitgroup *wg, int delta, struct site site)
{
    int64_t count;

    enter(wg, site);
    count = (int64_t)wg->count + delta;
    if (count < 0 || count > INT32_MAX)
        panic_negative(wg, site);
    if (wg->count == 0 && delta > 0 && (wg->waiters || wg->leaving))
        panic_reused(wg, site);
    wg->count = (int32_t)count;
    event_waitgroup_added(wg, delta, site);
    if (count == 0 && wg->waiters)
        wake_all(wg);
    else
        lock_give(lock_of(wg));
}

void (waitgroup_add)(struct waitgroup *wg, int delta)
{
    add(wg, delta, CALL_SITE());
}

void (waitgroup_done)(struct waitgroup *wg)
{
    add(wg, -1, CALL_SITE());
}

/* --- waiting --- */

/* Locked; the lock is given back. */
static void wait_for_zero(struct waitgroup *wg, struct site site)
{
    struct waitgroup_waiter self = {.next = wg->waiters, .parker = park_self()};

    wg->waiters = &self;
    lock_give(lock_of(wg));
    event_waitgroup_block(wg, site);
    park(self.parker, PARK_FOREVER);
    event_unblock();
    lock_take(lock_of(wg));
    wg->leaving--;
    lock_give(lock_of(wg));
}

void (waitgroup_wait)(struct waitgroup *wg)
{
    struct site site = CALL_SITE();

    enter(wg, site);
    event_waitgroup_waits(wg, site);
    if (wg->count > 0) /* step 2 */
        wait_for_zero(wg, site);
    else
        lock_give(lock_of(wg));
    event_waitgroup_waited(wg);
}

/* --- tasks --- */

struct task {
    struct waitgroup *wg;
    void (*fn)(void *);
    void *arg;
    struct site site; /* where the task was announced stands for where it is done */
};

static void done(void *argument)
{
    const struct task *task = argument;

    add(task->wg, -1, task->site);
}

static void run(void *argument)
{
    struct task task = *(struct task *)argument;

    free(argument);
    event_waitgroup_serves(task.wg);
    pthread_cleanup_push(done, &task); /* also when fn calls pthread_exit() */
    task.fn(task.arg);
    pthread_cleanup_pop(true);
}

void waitgroup_go(struct waitgroup *wg, void (*fn)(void *), void *arg)
{
    struct site site = CALL_SITE();
    struct task *task = malloc(sizeof *task);

    if (!task)
        panic_fatal("runtime: out of memory");
    *task = (struct task){wg, fn, arg, site};
    add(wg, 1, site);
    go_at(NULL, run, task, (const void *)fn, site);
}
