/* SPDX-License-Identifier: MIT */
/*
 * Points 53 to 57: waiting until all tasks are done.
 */
#include "semantics.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

static void wait_for_all(void *wg)
{
    waitgroup_wait(wg);
}

/* --- 53 --- */

static void zero_is_no_wait(void)
{
    struct waitgroup wg = WAITGROUP_INIT;
    static struct waitgroup zeros;

    waitgroup_wait(&wg);
    waitgroup_wait(&zeros);
    waitgroup_add(&wg, 2);
    waitgroup_add(&wg, -2);
    waitgroup_wait(&wg);
    waitgroup_add(&wg, 0);
    waitgroup_wait(&wg);
}

static void all_waiters_are_released(void)
{
    enum { WAITERS = 5 };
    struct waitgroup wg = WAITGROUP_INIT;
    struct task waiters[WAITERS];

    for (int round = 0; round < 8; round++) {
        waitgroup_add(&wg, 3);
        for (int i = 0; i < WAITERS; i++)
            task_start_asleep(&waiters[i], wait_for_all, &wg);
        waitgroup_done(&wg);
        waitgroup_add(&wg, -1);
        for (int i = 0; i < WAITERS; i++)
            task_await_asleep(&waiters[i]);
        waitgroup_done(&wg);
        for (int i = 0; i < WAITERS; i++)
            task_join(&waiters[i]);
    }
}

static void waits_until_all_are_done(void)
{
    struct waitgroup wg = WAITGROUP_INIT;
    struct task waiter;

    waitgroup_add(&wg, 2);
    waitgroup_done(&wg);
    task_start_asleep(&waiter, wait_for_all, &wg);
    task_check_blocked(&waiter);
    waitgroup_add(&wg, 1); /* more tasks while somebody waits, but not from zero: allowed */
    waitgroup_done(&wg);
    task_check_blocked(&waiter);
    waitgroup_done(&wg);
    task_join(&waiter);
}

/* Whoever returns from the wait may throw the WaitGroup away at once. */
static void done_one(void *wg)
{
    waitgroup_done(wg);
}

static void may_be_freed_after_wait(void)
{
    for (int i = 0; i < rounds(1000); i++) {
        struct waitgroup *wg = calloc(1, sizeof *wg);

        waitgroup_add(wg, 2);
        go(done_one, wg);
        go(done_one, wg);
        waitgroup_wait(wg);
        memset(wg, 0x5a, sizeof *wg);
        free(wg);
    }
}

/* --- 54 --- */

static void done_of_nothing(void)
{
    struct waitgroup wg = WAITGROUP_INIT;

    waitgroup_done(&wg);
}

static void add_below_zero(void)
{
    struct waitgroup wg = WAITGROUP_INIT;

    waitgroup_add(&wg, 3);
    waitgroup_add(&wg, -4);
}

static void done_once_too_often(void)
{
    struct waitgroup wg = WAITGROUP_INIT;

    for (int i = 0; i < 2; i++) {
        waitgroup_add(&wg, 1);
        waitgroup_done(&wg);
        waitgroup_wait(&wg);
    }
    waitgroup_done(&wg);
}

/* --- 55 --- */

/* The counter is zero and the waiter has not been told yet: that lasts a moment, in the middle of
 * waitgroup_done(). Here the moment is made by hand. */
static void add_while_somebody_waits(void)
{
    static struct waitgroup wg = WAITGROUP_INIT;
    static struct task waiter;

    waitgroup_add(&wg, 1);
    task_start_asleep(&waiter, wait_for_all, &wg);
    waitgroup_add(&wg, 0); /* takes the lock: what follows comes after the waiter's look */
    wg.count = 0;
    waitgroup_add(&wg, 1);
}

static int held;

static void hold(int signal)
{
    (void)signal;
    for (flag_set(&held, 1);;)
        usleep(1000);
}

/* The waiter has been woken, and cannot return: a signal keeps it busy. */
static void add_before_the_waiter_is_back(void)
{
    static struct waitgroup wg = WAITGROUP_INIT;
    static struct task waiter;

    signal(SIGUSR1, hold);
    waitgroup_add(&wg, 1);
    task_start_asleep(&waiter, wait_for_all, &wg);
    syscall(SYS_tgkill, getpid(), flag_get(&waiter.tid), SIGUSR1);
    flag_await(&held, 1);
    waitgroup_done(&wg);
    waitgroup_add(&wg, 1);
}

/* --- 56 --- */

struct job {
    struct waitgroup *wg;
    int runs, depth;
};

static void run_job(void *arg)
{
    struct job *job = arg;

    __atomic_fetch_add(&job->runs, 1, __ATOMIC_RELAXED);
}

static void run_deeper(void *arg)
{
    struct job *job = arg;

    if (__atomic_add_fetch(&job->runs, 1, __ATOMIC_RELAXED) < job->depth)
        waitgroup_go(job->wg, run_deeper, job);
}

static void run_and_exit(void *arg)
{
    run_job(arg);
    pthread_exit(NULL);
}

static void go_announces_and_does(void)
{
    struct waitgroup wg = WAITGROUP_INIT;
    struct job job = {.wg = &wg, .depth = 20};

    for (int i = 0; i < 50; i++)
        waitgroup_go(&wg, run_job, &job);
    waitgroup_wait(&wg);
    CHECK_INT(job.runs, 50);
    job.runs = 0;
    waitgroup_go(&wg, run_deeper, &job); /* a task may start the next one */
    waitgroup_wait(&wg);
    CHECK_INT(job.runs, 20);
    waitgroup_go(&wg, run_and_exit, &job); /* done, however it ends */
    waitgroup_wait(&wg);
    CHECK_INT(job.runs, 21);
}

/* --- 57 --- */

/* Nobody returns before the last of the tasks: the smallest number of them, very often. */
static void never_too_early(void)
{
    struct waitgroup wg = WAITGROUP_INIT;

    for (int i = 0; i < rounds(2000); i++) {
        struct job job = {.wg = &wg};

        waitgroup_go(&wg, run_job, &job);
        waitgroup_go(&wg, run_job, &job);
        waitgroup_wait(&wg);
        CHECK_INT(__atomic_load_n(&job.runs, __ATOMIC_RELAXED), 2);
    }
}

static void wake_for_nothing(int signal)
{
    (void)signal;
}

/* A signal interrupts the sleep, not the wait. */
static void signals_do_not_end_it(void)
{
    struct sigaction action = {.sa_handler = wake_for_nothing}; /* without SA_RESTART */
    struct waitgroup wg = WAITGROUP_INIT;
    struct task waiter;

    sigaction(SIGUSR1, &action, NULL);
    waitgroup_add(&wg, 1);
    task_start_asleep(&waiter, wait_for_all, &wg);
    for (int i = 0; i < 20; i++)
        syscall(SYS_tgkill, getpid(), flag_get(&waiter.tid), SIGUSR1);
    task_check_blocked(&waiter);
    waitgroup_done(&wg);
    task_join(&waiter);
}

static const struct test tests[] = {
    {"53", "nothing to wait for is no wait", zero_is_no_wait, RETURNS, NULL},
    {"53", "all who wait are released, round after round", all_waiters_are_released, RETURNS, NULL},
    {"53", "not before all are done", waits_until_all_are_done, RETURNS, NULL},
    {"53", "the WaitGroup may be gone after the wait", may_be_freed_after_wait, RETURNS, NULL},
    {"54", "done of nothing", done_of_nothing, PANICS, "sync: negative WaitGroup counter"},
    {"54", "add below zero", add_below_zero, PANICS, "sync: negative WaitGroup counter"},
    {"54", "done once too often", done_once_too_often, PANICS, "sync: negative WaitGroup counter"},
    {"55", "add from zero while somebody waits", add_while_somebody_waits, PANICS,
     "sync: WaitGroup misuse: Add called concurrently with Wait"},
    {"55", "add before the waiter is back", add_before_the_waiter_is_back, PANICS,
     "sync: WaitGroup is reused before previous Wait has returned"},
    {"56", "waitgroup_go() announces, runs and is done", go_announces_and_does, RETURNS, NULL},
    {"57", "no wait ends too early", never_too_early, RETURNS, NULL},
    {"57", "nor because of a signal", signals_do_not_end_it, RETURNS, NULL},
};

const struct section waitgroups = SECTION(tests);
