/* SPDX-License-Identifier: MIT */
/*
 * channels_leave.c - programs that end while goroutines are still there, and rightly so
 *
 * They run, they were woken and have not yet run, the clock or a partner who is alive would let them
 * go on. Every scenario must stay silent.
 */
#include "channels.h"

#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 350 }; /* three runs make a thousand */

static int_chan jobs, results;
static signal_chan done;
static struct waitgroup wg;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void make_all(void)
{
    jobs = chan_make(int_chan, 0);
    results = chan_make(int_chan, 0);
    done = chan_make(signal_chan, 0);
}

static void wait_for_ever(void *arg)
{
    (void)arg;
    waitgroup_wait(&wg);
}

static void range_jobs(void *arg)
{
    int n;

    (void)arg;
    while (chan_recv(jobs, &n))
        continue;
}

/* ---------------------------------------------------------------- in full swing */

static void produce(void *arg)
{
    (void)arg;
    for (int i = 0;; i++)
        chan_send(jobs, i);
}

static void consume(void *arg)
{
    int n;

    (void)arg;
    while (chan_recv(jobs, &n))
        nap(n % 16 == 15);
}

/* In full swing: at any moment one waits for the other, and both are alive. */
static void pipeline_in_swing(void)
{
    make_all();
    go(produce, NULL);
    go(consume, NULL);
    nap(30);
}

static void worker_with_result(void *arg)
{
    chan_send(results, (int)(intptr_t)arg);
}

/* All values were taken; that the goroutines have not yet ended is no leak. */
static void results_all_taken(void)
{
    make_all();
    for (intptr_t i = 0; i < 10; i++)
        go(worker_with_result, (void *)i);
    for (int i = 0; i < 10; i++)
        chan_recv(results, NULL);
}

static void until_done(void *arg)
{
    (void)arg;
    chan_select(RECV(done, NULL), RECV(jobs, NULL));
}

static void until_done_plain(void *arg)
{
    (void)arg;
    chan_recv(done, NULL);
}

static void in_children(void (*run)(void))
{
    for (int i = 0; i < CHILDREN; i++) {
        pid_t child = fork();
        int status;

        if (child == 0) {
            run();
            exit(0);
        }
        if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
            fail("child");
    }
}

static void close_and_leave(void)
{
    make_all();
    go(until_done, NULL);
    go(until_done_plain, NULL);
    for (int i = 0; i < (int)(getpid() % 7); i++)
        sched_yield();
    chan_close(done);
}

/* Woken, and not yet run: that is no leak. */
static void close_done_and_return(void)
{
    in_children(close_and_leave);
}

static void close_when_blocked(void)
{
    make_all();
    go(until_done, NULL);
    go(until_done_plain, NULL);
    settle();
    chan_close(done);
}

static void close_done_when_blocked(void)
{
    in_children(close_when_blocked);
}

static void until_cancelled(void *arg)
{
    chan_recv(context_done(arg), NULL);
    waitgroup_wait(&wg);
}

static void cancel_when_blocked(void)
{
    struct context *ctx = context_with_cancel(context_background());

    go(until_cancelled, ctx);
    go(until_cancelled, ctx);
    settle();
    context_cancel(ctx);
}

static void cancel_and_return(void)
{
    in_children(cancel_when_blocked);
}

static void done_when_waited(void)
{
    waitgroup_add(&wg, 1);
    go(wait_for_ever, NULL);
    settle();
    waitgroup_done(&wg);
}

static void wg_done_and_return(void)
{
    in_children(done_when_waited);
}

/* The hand-over has happened; the receiver goes on when there is a processor for it. */
static void hand_over_when_blocked(void)
{
    make_all();
    go(until_done, NULL);
    settle();
    chan_send(jobs, 1);
}

static void hand_over_and_return(void)
{
    in_children(hand_over_when_blocked);
}

static void sleeps_long(void *arg)
{
    (void)arg;
    time_sleep(100 * SECOND);
}

static void in_timed_select(void *arg)
{
    (void)arg;
    chan_select(RECV(jobs, NULL), RECV(time_after(100 * SECOND), NULL));
}

static void in_timer(void *arg)
{
    (void)arg;
    chan_recv(timer_done(timer_new(100 * SECOND)), NULL);
}

static void in_mutex(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
}

/* They would go on if the program did: sleepers, timers, who waits for main's mutex. */
static void sleepers(void)
{
    make_all();
    pthread_mutex_lock(&mutex);
    go(sleeps_long, NULL);
    go(in_timed_select, NULL);
    go(in_timer, NULL);
    go(in_mutex, NULL);
    settle();
    pthread_mutex_unlock(&mutex);
}

static void sends_later(void *arg)
{
    (void)arg;
    chan_send(results, 1);
    nap(10000);
    chan_send(results, 2);
}

static void takes_both(void *arg)
{
    (void)arg;
    chan_recv(results, NULL);
    chan_recv(results, NULL);
}

/* The receiver's partner has sent before, is alive, and simply slower than main. */
static void partner_alive(void)
{
    make_all();
    go(sends_later, NULL);
    go(takes_both, NULL);
    settle();
}

static void exit_0(void *arg)
{
    (void)arg;
    puts("done");
    exit(0);
}

/* Another one ends the process; main, which made the context, would have cancelled it. */
static void exit_before_cancel(void)
{
    struct context *ctx = context_with_cancel(context_background());

    DEFER(context_free, ctx);
    DEFER(context_cancel, ctx);
    go(exit_0, NULL);
    nap(10000);
}

/* _exit() and quick_exit() end without a look: who calls them knows why. */
static void underscore_exit(void)
{
    make_all();
    go(range_jobs, NULL);
    settle();
    puts("done");
    fflush(stdout);
    _exit(0);
}

static void pool_closed(void)
{
    make_all();
    for (int i = 0; i < 4; i++)
        waitgroup_go(&wg, range_jobs, NULL);
    for (int i = 0; i < 100; i++)
        chan_send(jobs, i);
    chan_close(jobs);
    waitgroup_wait(&wg);
    chan_free(jobs);
}

const struct scenario scenarios[] = {
    {"pipeline-in-swing", pipeline_in_swing},
    {"results-all-taken", results_all_taken},
    {"close-done-and-return", close_done_and_return},
    {"close-done-when-blocked", close_done_when_blocked},
    {"cancel-and-return", cancel_and_return},
    {"wg-done-and-return", wg_done_and_return},
    {"hand-over-and-return", hand_over_and_return},
    {"sleepers", sleepers},
    {"partner-alive", partner_alive},
    {"exit-before-cancel", exit_before_cancel},
    {"underscore-exit", underscore_exit},
    {"pool-closed", pool_closed},
    {NULL, NULL},
};
