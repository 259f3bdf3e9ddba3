/* SPDX-License-Identifier: MIT */
/*
 * Who cancels a context when its time is over? One thread for all of them: the clock.
 *
 * 1. Alarms stand in a heap, the earliest on top (Williams 1964); each knows its place, so that it
 *    can be taken out from anywhere.
 * 2. The clock sleeps until the earliest is due, or until an earlier one is set. One that is unset
 *    does not wake it: it finds nothing due then, and sleeps on. So contexts that come and go within
 *    their time cost it nothing.
 * 3. What is due it takes out, and rings it without the lock: ringing may take long, and may set
 *    and unset alarms.
 *
 * The thread starts with the first alarm and stays. It is not the program's: it takes no signals,
 * and the detector does not watch it. A fork leaves it behind; the child starts its own as soon as
 * it has something to do for it.
 */
#include "runtime/clock.h"

#include "runtime/lock.h"
#include "runtime/os_thread.h"
#include "runtime/panic.h"
#include "runtime/park.h"

#include <pthread.h>
#include <signal.h>

enum { STACK_BYTES = 128 * 1024 };

static struct {
    struct raw_lock lock;
    /* the lock must be held when using these */
    struct alarm **heap; /* from 1 on; heap[i] is due no later than heap[2i] and heap[2i + 1] */
    size_t count, room;
    struct parker *parker; /* the thread's, once it has come so far */
    int64_t until;         /* it looks again no later than this, unless it is woken */
    bool prepared;         /* for a fork */
    bool running;          /* also read without it */
} the;

/* --- the heap; locked --- */

static void put(struct alarm *alarm, size_t place)
{
    the.heap[place] = alarm;
    alarm->place = place;
}

static void move_up(struct alarm *alarm, size_t place)
{
    for (; place > 1 && the.heap[place / 2]->when > alarm->when; place /= 2)
        put(the.heap[place / 2], place);
    put(alarm, place);
}

static void move_down(struct alarm *alarm, size_t place)
{
    for (size_t child; (child = 2 * place) <= the.count; place = child) {
        if (child < the.count && the.heap[child + 1]->when < the.heap[child]->when)
            child++;
        if (the.heap[child]->when >= alarm->when)
            break;
        put(the.heap[child], place);
    }
    put(alarm, place);
}

static void insert(struct alarm *alarm)
{
    if (the.count + 1 >= the.room) {
        the.room = the.room ? 2 * the.room : 16;
        the.heap = realloc(the.heap, the.room * sizeof *the.heap);
        if (!the.heap)
            panic_fatal("runtime: out of memory");
    }
    move_up(alarm, ++the.count);
}

/* The last one takes its place, and goes from there wherever it belongs. */
static void take_out(struct alarm *alarm)
{
    struct alarm *last = the.heap[the.count--];
    size_t place = alarm->place;

    alarm->place = 0;
    if (last == alarm)
        return;
    if (place > 1 && the.heap[place / 2]->when > last->when)
        move_up(last, place);
    else
        move_down(last, place);
}

/* --- the thread --- */

static void *run(void *unused)
{
    struct parker *self;

    (void)unused;
    event_own_thread();
    self = park_self();
    lock_take(&the.lock);
    the.parker = self;
    for (;;) {
        struct alarm *first = the.count ? the.heap[1] : NULL;
        int64_t until = first ? first->when : PARK_FOREVER;
        bool due = first && until <= park_now();

        the.until = until;
        if (due)
            take_out(first);
        lock_give(&the.lock);
        if (due)
            first->ring(first);
        else
            park(self, until);
        lock_take(&the.lock);
    }
    return NULL;
}

static int create(void)
{
    sigset_t all, before;
    int error;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* the new thread inherits it */
    error = os_thread_start(run, NULL, STACK_BYTES);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

/* --- forks: the child finds the heap whole, and no thread --- */

static void before_fork(void)
{
    lock_take(&the.lock);
}

static void in_parent(void)
{
    lock_give(&the.lock);
}

static void in_child(void)
{
    the.running = false;
    the.parker = NULL;
    lock_give(&the.lock);
}

/* Locked. */
static void start(void)
{
    if (the.running)
        return;
    if (!the.prepared)
        pthread_atfork(before_fork, in_parent, in_child);
    the.prepared = true;
    if (create())
        panic_fatal("runtime: failed to create new OS thread");
    __atomic_store_n(&the.running, true, __ATOMIC_RELAXED);
}

/* --- for everybody --- */

void clock_set(struct alarm *alarm)
{
    struct parker *woken;

    lock_take(&the.lock);
    insert(alarm);
    start();
    woken = alarm->when < the.until ? the.parker : NULL;
    if (woken)
        the.until = alarm->when;
    lock_give(&the.lock);
    if (woken)
        unpark(woken);
}

bool clock_unset(struct alarm *alarm)
{
    bool was_set;

    lock_take(&the.lock);
    was_set = alarm->place != 0;
    if (was_set)
        take_out(alarm);
    lock_give(&the.lock);
    return was_set;
}

void clock_keep(void)
{
    if (__atomic_load_n(&the.running, __ATOMIC_RELAXED))
        return;
    lock_take(&the.lock);
    if (the.count)
        start();
    lock_give(&the.lock);
}
