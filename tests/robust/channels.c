/* SPDX-License-Identifier: MIT */
/*
 * channels.c - many goroutines, many channels, many partners; and ends in the midst of it
 *
 * Linked with the library, and for comparison with the runtime alone, which has no detector.
 */
#include <gridlock.h>

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/matrix/scenario.h"

enum { BLOCKED = 2000, CHANNELS = 200000, CHILDREN = 40, FEW = 50, MANY = 5000, TURNS = 40000 };

CHAN_TYPE(int_chan, int);

static int_chan values, answers, many[BLOCKED];
static struct waitgroup wg;
static volatile int started;

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* ---------------------------------------------------------------- many are blocked at the end */

static void send_value(void *arg)
{
    __atomic_fetch_add(&started, 1, __ATOMIC_RELAXED);
    chan_send(values, (int)(intptr_t)arg);
}

static void await_started(int count)
{
    while (__atomic_load_n(&started, __ATOMIC_RELAXED) < count)
        sleep_ms(1);
    sleep_ms(100);
}

/* Runs in a child, so that one can see how long its end takes. */
static void ends_quickly(void (*block)(void))
{
    double before;
    char byte;
    int status, ends[2];
    pid_t child;

    if (pipe(ends) != 0 || (child = fork()) < 0)
        fail("fork");
    if (child == 0) {
        block();
        if (write(ends[1], "", 1) != 1)
            fail("write");
        exit(0);
    }
    if (read(ends[0], &byte, 1) != 1)
        fail("the child did not come to its end");
    before = now();
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
        fail("the child did not end by itself");
    if (now() - before > 5)
        fail("the child's end took too long");
}

static void block_at_one(void)
{
    values = chan_make(int_chan, 0);
    for (intptr_t i = 0; i < BLOCKED; i++)
        go(send_value, (void *)i);
    await_started(BLOCKED);
}

/* All at one channel, at one place: one finding. */
static void blocked_2000(void)
{
    ends_quickly(block_at_one);
}

static void send_own(void *arg)
{
    __atomic_fetch_add(&started, 1, __ATOMIC_RELAXED);
    chan_send(many[(intptr_t)arg], 1);
}

static void receive_own(void *arg)
{
    __atomic_fetch_add(&started, 1, __ATOMIC_RELAXED);
    chan_recv(many[(intptr_t)arg], NULL);
    chan_recv(many[(intptr_t)arg], NULL);
}

static void block_at_many(void)
{
    for (intptr_t i = 0; i < BLOCKED; i++) {
        many[i] = chan_make(int_chan, 0);
        go(i % 2 ? send_own : receive_own, (void *)i);
    }
    await_started(BLOCKED);
}

/* Each at a channel of its own. */
static void blocked_2000_apart(void)
{
    ends_quickly(block_at_many);
}

/* All are asleep, and there are many: it is found, and told in bounds. */
static void blocked_2000_hang(void)
{
    block_at_many();
    chan_recv(chan_make(int_chan, 0), NULL);
}

static void select_many(void *arg)
{
    static struct chan_case cases[BLOCKED];

    (void)arg;
    for (int i = 0; i < BLOCKED; i++) {
        many[i] = chan_make(int_chan, 0);
        cases[i] = RECV(many[i], NULL);
    }
    reach(1);
    chan_select_cases(cases, BLOCKED);
}

/* One select with 2,000 cases. */
static void select_2000(void)
{
    go(select_many, NULL);
    await(1);
    sleep_ms(100);
}

/* ---------------------------------------------------------------- many partners */

/* Stays alive between its first and its other values, so that all of them are partners at once. */
static void send_in_turn(void *arg)
{
    int turns = (int)(intptr_t)arg;

    chan_send(values, 0);
    chan_recv(answers, NULL);
    for (int i = 0; i < turns; i++)
        chan_send(values, i);
}

/* The time of one value when so many goroutines send. */
static double time_with(int senders)
{
    int turns = TURNS / senders;
    double before;

    values = chan_make(int_chan, 16);
    answers = chan_make(int_chan, 0);
    for (int i = 0; i < senders; i++)
        waitgroup_go(&wg, send_in_turn, (void *)(intptr_t)turns);
    for (int i = 0; i < senders; i++)
        chan_recv(values, NULL);
    before = now();
    chan_close(answers);
    for (int i = 0; i < senders * turns; i++)
        chan_recv(values, NULL);
    before = now() - before;
    waitgroup_wait(&wg);
    chan_free(values);
    chan_free(answers);
    return before / (senders * turns);
}

/* 5,000 partners must not make a value much dearer than 50 do. */
static void partners_5000(void)
{
    double few = time_with(FEW), lots = time_with(MANY);

    if (lots > 10 * few + 50e-6)
        fail("too slow");
}

/* ---------------------------------------------------------------- memory */

static long resident_kb(void)
{
    char line[128];
    long kb = 0;
    FILE *file = fopen("/proc/self/status", "r");

    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "VmRSS: %ld", &kb) == 1)
            break;
    if (file)
        fclose(file);
    return kb;
}

static void stays_flat(void (*once)(int), int times)
{
    long before;

    for (int i = 0; i < times / 10; i++)
        once(i);
    before = resident_kb();
    for (int i = 0; i < times; i++)
        once(i);
    if (resident_kb() - before > 2048)
        fail("memory grows");
}

static void echo(void *arg)
{
    int n;

    (void)arg;
    while (chan_recv(values, &n))
        chan_send(answers, n);
}

static void make_and_free(int i)
{
    int_chan c = chan_make(int_chan, i % 3 + 1);

    chan_send(c, i);
    chan_select(RECV(c, NULL), RECV(answers, NULL));
    chan_free(c);
    if (i % 64 == 0) {
        chan_send(values, i);
        chan_recv(answers, NULL);
    }
}

static void channels_200000(void)
{
    values = chan_make(int_chan, 0);
    answers = chan_make(int_chan, 0);
    go(echo, NULL);
    stays_flat(make_and_free, CHANNELS);
    chan_close(values);
}

static void context_and_timer(int i)
{
    struct context *ctx = context_with_timeout(context_background(), 100 * SECOND);
    struct waitgroup own = WAITGROUP_INIT;

    waitgroup_add(&own, 1);
    chan_select(RECV(context_done(ctx), NULL), RECV(time_after(i % 2 * SECOND), NULL), DEFAULT);
    waitgroup_done(&own);
    waitgroup_wait(&own);
    context_cancel(ctx);
    context_free(ctx);
}

static void contexts_20000(void)
{
    stays_flat(context_and_timer, 20000);
}

static void one_value(void *arg)
{
    chan_send(values, (int)(intptr_t)arg);
}

static void short_goroutine(int i)
{
    go(one_value, (void *)(intptr_t)i);
    chan_recv(values, NULL);
}

/* The channel stays, its senders come and go. */
static void senders_20000(void)
{
    values = chan_make(int_chan, 0);
    stays_flat(short_goroutine, 20000);
}

/* ---------------------------------------------------------------- sudden ends */

static void receive_and_close(void *arg)
{
    (void)arg;
    chan_recv(values, NULL);
    chan_close(values);
    reach(1);
}

static void make_finding(void)
{
    values = chan_make(int_chan, 0);
    go(receive_and_close, NULL);
    chan_send(values, 1);
    await(1);
}

static void kill_9_after_channel_finding(void)
{
    make_finding();
    kill(getpid(), SIGKILL);
}

/* Killed at any moment while the finding is made and written; the last child may finish it. */
static void kill_9_in_the_midst(void)
{
    for (int i = 0; i <= CHILDREN; i++) {
        pid_t child = fork();

        if (child == 0) {
            make_finding();
            if (i == CHILDREN)
                _exit(0);
            pause();
        }
        if (i < CHILDREN) {
            usleep((unsigned)i * 100);
            kill(child, SIGKILL);
        }
        waitpid(child, NULL, 0);
    }
}

static void exit_with_goroutines(void)
{
    values = chan_make(int_chan, 1);
    go(one_value, (void *)1);
    chan_recv(values, NULL);
    exit(42);
}

const struct scenario scenarios[] = {
    {"blocked-2000", blocked_2000},
    {"blocked-2000-apart", blocked_2000_apart},
    {"blocked-2000-hang", blocked_2000_hang},
    {"select-2000", select_2000},
    {"partners-5000", partners_5000},
    {"channels-200000", channels_200000},
    {"contexts-20000", contexts_20000},
    {"senders-20000", senders_20000},
    {"kill-9-after-channel-finding", kill_9_after_channel_finding},
    {"kill-9-in-the-midst", kill_9_in_the_midst},
    {"exit-with-goroutines", exit_with_goroutines},
    {NULL, NULL},
};
