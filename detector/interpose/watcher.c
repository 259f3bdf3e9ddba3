/* SPDX-License-Identifier: MIT */
/*
 * Who notices that nobody moves any more?
 *
 * A thread of the library's own. It is created behind the program's first thread, where the
 * program expects memory to be allocated, and never from inside a lock call: that one may come
 * from an allocator. It sleeps while nobody blocks:
 *
 * 1. Whoever blocks sets stuck_suspected; only the first to do so wakes the watcher.
 * 2. It waits a moment, since most waits are over by then, and looks (stuck.c).
 * 3. While somebody may be stuck it looks again; a hang is certain after two looks.
 * 4. In a busy program the moment grows, to a quarter of a second.
 *
 * It ends with the last thread of the program: otherwise the process could not.
 */
#include "detector/interpose/watcher.h"

#include "detector/core/finding.h"
#include "detector/core/stuck.h"
#include "detector/interpose/self.h"

enum { STACK_BYTES = 1 << 20 };

#define MILLISECOND INT64_C(1000000)
#define SETTLED (40 * MILLISECOND)
#define SHORTEST (20 * MILLISECOND)
#define LONGEST (250 * MILLISECOND)

static volatile int created;
static volatile int quit; /* the last thread has ended; the watcher sleeps on it */
static struct raw_lock looking;
static bool last_look;

static enum stuck_result look(int64_t settled_ns)
{
    enum stuck_result result;

    raw_lock(&looking);
    result = stuck_look(sys_now(), settled_ns);
    raw_unlock(&looking);
    return result;
}

/* The only thread is about to wait: nobody else can look. */
static void look_alone(void)
{
    thread_hide(thread_own);
    stuck_suspected = 0;
    stuck_looker = sys_gettid();
    look(0);
    stuck_looker = 0;
    thread_show(thread_own);
}

static void pause_for(int64_t ns)
{
    if (!quit)
        sys_futex_wait(&quit, 0, ns);
}

/* Step 3. */
static void look_until_settled(void)
{
    int64_t pause = SETTLED + 10 * MILLISECOND;

    while (!quit && look(SETTLED) == STUCK_LATER) {
        pause_for(pause);
        if (pause < LONGEST)
            pause += pause / 4;
    }
}

static void *watch(void *argument)
{
    int64_t moment = SHORTEST;

    self_hide();
    real.prctl(15 /* PR_SET_NAME */, "gridlock", 0, 0, 0);
    while (!quit) {
        if (!stuck_suspected) {
            sys_futex_wait(&stuck_suspected, 0, -1);
            continue;
        }
        pause_for(moment);
        stuck_suspected = 0;
        look_until_settled();
        moment = stuck_suspected ? moment * 2 : SHORTEST;
        if (moment > LONGEST)
            moment = LONGEST;
    }
    return argument;
}

static void create(void)
{
    struct thread *thread = thread_own;
    pthread_attr_t attributes;
    pthread_t handle;
    sigset_t all, old;
    int error;

    if (thread)
        thread_hide(thread);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    error = real.pthread_create(&handle, &attributes, watch, NULL);
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    __atomic_add_fetch(&stuck_own_threads, !error, __ATOMIC_RELAXED);
    if (error)
        limit_reached("no thread could be created to look for deadlocks: they are looked for only "
                      "when the program ends");
    if (thread)
        thread_show(thread);
}

void watcher_thread_created(void)
{
    if (!created && !__atomic_exchange_n(&created, 1, __ATOMIC_ACQ_REL))
        create();
}

void watcher_wake(void)
{
    if (created)
        sys_futex_wake(&stuck_suspected, 1);
    else if (thread_alive_count() == 1 && thread_own)
        look_alone();
}

void watcher_thread_ended(void)
{
    if (thread_alive_count() || !created)
        return;
    quit = 1;
    stuck_suspected = 1;
    sys_futex_wake(&quit, 1);
    sys_futex_wake(&stuck_suspected, 1);
}

void watcher_last_look(void)
{
    if (last_look || !created)
        return;
    last_look = true;
    report_options.on_deadlock = ON_DEADLOCK_WAIT;
    if (look(0) == STUCK_NOTHING)
        return;
    sys_futex_wait(&quit, 0, SHORTEST);
    look(SHORTEST / 2);
}

void watcher_after_fork(void)
{
    created = 0;
    stuck_suspected = 0;
    stuck_own_threads = 0;
    looking.state = 0;
}
