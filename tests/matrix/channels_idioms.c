/* SPDX-License-Identifier: MIT */
/*
 * channels_idioms.c - correct programs with channels, as one writes them every day; and processes
 *
 * Every scenario must stay silent and end by itself; its comment says what is tempting about it.
 */
#include "channels.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int_chan jobs, results;
static signal_chan done, places;
static struct waitgroup wg;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

CHAN_TYPE(reply_chan, int);
struct request {
    int n;
    reply_chan reply;
};
CHAN_TYPE(request_chan, struct request);
static request_chan requests;

static void make_all(int capacity)
{
    jobs = chan_make(int_chan, capacity);
    results = chan_make(int_chan, capacity);
    done = chan_make(signal_chan, 0);
}

/* ---------------------------------------------------------------- signals by channels */

/* A channel as a counting semaphore: a send takes a place, a receive gives it back. */
static void in_a_place(void *arg)
{
    (void)arg;
    chan_send(places, {});
    sched_yield();
    chan_recv(places, NULL);
}

static void channel_semaphore(void)
{
    places = chan_make(signal_chan, 3);
    for (int i = 0; i < 200; i++)
        waitgroup_go(&wg, in_a_place, NULL);
    waitgroup_wait(&wg);
}

/* A buffer of one as a mutex, also below a mutex that others take first: one order. */
static void place_under_mutex(void *arg)
{
    (void)arg;
    for (int i = 0; i < 20; i++) {
        pthread_mutex_lock(&mutex);
        chan_send(places, {});
        pthread_mutex_unlock(&mutex);
        chan_recv(places, NULL);
    }
}

static void channel_mutex(void)
{
    places = chan_make(signal_chan, 1);
    for (int i = 0; i < 4; i++)
        waitgroup_go(&wg, place_under_mutex, NULL);
    waitgroup_wait(&wg);
}

static void say_done(void *arg)
{
    (void)arg;
    chan_send(done, {});
}

static void unbuffered_done(void)
{
    make_all(0);
    for (int i = 0; i < 100; i++) {
        go(say_done, NULL);
        chan_recv(done, NULL);
    }
    chan_free(done);
}

static void say_done_on(void *arg)
{
    chan_send(*(signal_chan *)arg, {});
}

/* Whoever has received frees the channel; the sender may still be on its way out of the send. */
static void freed_by_receiver(void)
{
    for (int i = 0; i < 300; i++) {
        signal_chan own = chan_make(signal_chan, i % 2);

        go(say_done_on, &own);
        chan_recv(own, NULL);
        chan_free(own);
    }
}

/* ---------------------------------------------------------------- requests and replies */

static void serve(void *arg)
{
    struct request request;

    (void)arg;
    while (chan_recv(requests, &request))
        chan_send(request.reply, request.n * 2);
}

/* A channel per request: thousands are made and freed, most at the same addresses. */
static void ask_many(void *arg)
{
    (void)arg;
    for (int i = 0; i < 2000; i++) {
        reply_chan reply = chan_make(reply_chan, i % 2);
        int answer;

        chan_send(requests, {.n = i, .reply = reply});
        chan_recv(reply, &answer);
        if (answer != 2 * i)
            fail("wrong answer");
        chan_free(reply);
    }
}

static void request_reply(void)
{
    requests = chan_make(request_chan, 0);
    go(serve, NULL);
    go(serve, NULL);
    for (int i = 0; i < 3; i++)
        waitgroup_go(&wg, ask_many, NULL);
    waitgroup_wait(&wg);
    chan_close(requests);
}

/* The same address, used in turn by other goroutines in other roles. */
static void echo(void *arg)
{
    int n;

    (void)arg;
    while (chan_recv(jobs, &n))
        chan_send(results, n);
    chan_close(results);
}

static void addresses_used_again(void)
{
    for (int i = 0; i < 300; i++) {
        int n = 0;

        make_all(i % 3);
        waitgroup_go(&wg, echo, NULL);
        chan_send(jobs, i);
        chan_recv(results, &n);
        chan_close(jobs);
        waitgroup_wait(&wg);
        if (n != i)
            fail("wrong value");
        chan_free(jobs);
        chan_free(results);
        chan_free(done);
    }
}

/* ---------------------------------------------------------------- fan in, fan out, errors */

struct merge {
    int_chan in;
    int_chan_sender out;
};

static void merge_one(void *arg)
{
    struct merge *merge = arg;
    int n;

    while (chan_recv(merge->in, &n))
        chan_send(merge->out, n);
}

static void feed(void *arg)
{
    struct merge *merge = arg;

    for (int i = 0; i < 50; i++)
        chan_send(merge->in, i);
    chan_close(merge->in);
}

static void close_after_all(void *arg)
{
    (void)arg;
    waitgroup_wait(&wg);
    chan_close(results);
}

static void fan_in(void)
{
    struct merge merges[4];
    int count = 0;

    make_all(0);
    for (int i = 0; i < 4; i++) {
        merges[i] = (struct merge){chan_make(int_chan, i), results.sender};
        waitgroup_go(&wg, merge_one, &merges[i]);
        go(feed, &merges[i]);
    }
    go(close_after_all, NULL);
    while (chan_recv(results, NULL))
        count++;
    if (count != 200)
        fail("values were lost");
}

struct group {
    struct waitgroup wg;
    struct context *ctx;
    pthread_once_t once;
    int error;
};

static struct group group = {.once = PTHREAD_ONCE_INIT};

static void cancel_group(void)
{
    group.error = EIO;
    context_cancel(group.ctx);
}

static void member(void *arg)
{
    if (arg) {
        nap(10);
        pthread_once(&group.once, cancel_group);
        return;
    }
    chan_select(RECV(context_done(group.ctx), NULL), RECV(jobs, NULL));
}

/* The first error ends all others. */
static void first_error(void)
{
    make_all(0);
    group.ctx = context_with_cancel(context_background());
    for (int i = 0; i < 8; i++)
        waitgroup_go(&group.wg, member, i % 4 == 3 ? &group : NULL);
    waitgroup_wait(&group.wg);
    context_cancel(group.ctx);
    context_free(group.ctx);
    if (group.error != EIO)
        fail("no error");
}

/* Many timeouts that do not come true. */
static void timeouts_unused(void)
{
    make_all(1);
    for (int i = 0; i < 2000; i++) {
        chan_send(jobs, i);
        if (chan_select(RECV(jobs, NULL), RECV(time_after(10 * SECOND), NULL)) != 0)
            fail("timeout");
    }
}

/* ---------------------------------------------------------------- processes */

static void child_work(void)
{
    make_all(0);
    waitgroup_go(&wg, echo, NULL);
    chan_send(jobs, 5);
    chan_recv(results, NULL);
    chan_close(jobs);
    waitgroup_wait(&wg);
}

static void blocked_for_good(void *arg)
{
    (void)arg;
    chan_recv(jobs, NULL);
}

/* The goroutines of the parent do not exist in the child; the child has its own. */
static void fork_with_goroutines(void)
{
    int status;
    pid_t child;

    make_all(0);
    for (int i = 0; i < 4; i++)
        waitgroup_go(&wg, blocked_for_good, NULL);
    settle();
    child = fork();
    if (child == 0) {
        wg = (struct waitgroup)WAITGROUP_INIT;
        child_work();
        exit(0);
    }
    if (waitpid(child, &status, 0) != child || status != 0)
        fail("child");
    chan_close(jobs);
    waitgroup_wait(&wg);
}

/* exec takes blocked goroutines with it. */
static void exec_with_goroutines(void)
{
    make_all(0);
    go(blocked_for_good, NULL);
    settle();
    execlp("echo", "echo", "done", NULL);
    fail("execlp");
}

static void then_exit(void *arg)
{
    (void)arg;
    nap(100);
    chan_recv(results, NULL);
    puts("done");
    exit(0);
}

static void send_result(void *arg)
{
    (void)arg;
    nap(150);
    chan_send(results, 1);
    nap(1000);
}

/* main leaves, the goroutines go on. */
static void main_leaves(void)
{
    make_all(0);
    go(then_exit, NULL);
    go(send_result, NULL);
    pthread_exit(NULL);
}

static void exit_in_goroutine(void)
{
    make_all(0);
    go(then_exit, NULL);
    go(send_result, NULL);
    waitgroup_add(&wg, 1);
    waitgroup_wait(&wg);
}

/* A signal's default action ends a process with blocked goroutines. */
static void child_aborts(void)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        make_all(0);
        go(blocked_for_good, NULL);
        settle();
        abort();
    }
    if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT)
        fail("child");
}

const struct scenario scenarios[] = {
    {"channel-semaphore", channel_semaphore},
    {"channel-mutex", channel_mutex},
    {"unbuffered-done", unbuffered_done},
    {"freed-by-receiver", freed_by_receiver},
    {"request-reply", request_reply},
    {"addresses-used-again", addresses_used_again},
    {"fan-in", fan_in},
    {"first-error", first_error},
    {"timeouts-unused", timeouts_unused},
    {"fork-with-goroutines", fork_with_goroutines},
    {"exec-with-goroutines", exec_with_goroutines},
    {"main-leaves", main_leaves},
    {"exit-in-goroutine", exit_in_goroutine},
    {"child-aborts", child_aborts},
    {NULL, NULL},
};
