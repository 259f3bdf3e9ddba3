/* SPDX-License-Identifier: MIT */
/*
 * channels_ends.c - goroutines that are still blocked when the program ends: each must be found
 */
#include "channels.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { MANY = 20 };

static int_chan jobs, results;
static signal_chan done;
static struct waitgroup wg;

static void make_all(void)
{
    jobs = chan_make(int_chan, 0);
    results = chan_make(int_chan, 0);
    done = chan_make(signal_chan, 0);
}

/* ---------------------------------------------------------------- leaks */

static void send_result(void *arg)
{
    chan_send(results, (int)(intptr_t)arg);
    reach(99);
}

/* Three ask, the first answer is taken, two stay. */
static void first_wins(void)
{
    make_all();
    for (intptr_t i = 0; i < 3; i++)
        go(send_result, (void *)i);
    chan_recv(results, NULL);
    settle();
}

static void slow_result(void *arg)
{
    (void)arg;
    await(5);
    chan_send(results, 1);
    reach(99);
}

/* The caller gives up, the answer has no room. */
static void timeout_unbuffered(void)
{
    make_all();
    go_named("fetch", slow_result, NULL);
    if (chan_select(RECV(results, NULL), RECV(time_after(20 * MILLISECOND), NULL)) != 1)
        fail("not the timeout");
    reach(5);
    settle();
}

/* Neighbour: with room for the answer nobody is left. */
static void timeout_buffered(void)
{
    make_all();
    results = chan_make(int_chan, 1);
    go_named("fetch", slow_result, NULL);
    if (chan_select(RECV(results, NULL), RECV(time_after(20 * MILLISECOND), NULL)) != 1)
        fail("not the timeout");
    reach(5);
    await(99);
}

static void select_for_ever(void *arg)
{
    (void)arg;
    chan_select(RECV(jobs, NULL), RECV(done, NULL));
    reach(99);
}

static void blocked_select(void)
{
    make_all();
    go_named("server", select_for_ever, NULL);
    settle();
}

static void range_jobs(void *arg)
{
    int n;

    (void)arg;
    while (chan_recv(jobs, &n))
        continue;
    reach(99);
}

/* The channel is never closed: the loop never ends. */
static void range_no_close_end(void)
{
    make_all();
    go_named("worker", range_jobs, NULL);
    for (int i = 0; i < 3; i++)
        chan_send(jobs, i);
    settle();
}

static void twenty_alike(void)
{
    make_all();
    for (intptr_t i = 0; i < MANY; i++)
        go(send_result, (void *)i);
    settle();
}

static void wait_for_ever(void *arg)
{
    (void)arg;
    waitgroup_wait(&wg);
    reach(99);
}

static void blocked_wait(void)
{
    waitgroup_add(&wg, 1);
    go_named("closer", wait_for_ever, NULL);
    settle();
}

/* The receiver, a goroutine too, waits for somebody who has ended: both are left. */
static void relay(void *arg)
{
    int n;

    (void)arg;
    while (chan_recv(jobs, &n))
        chan_send(results, n);
    reach(99);
}

static void range_results(void *arg)
{
    int n;

    (void)arg;
    while (chan_recv(results, &n))
        continue;
    reach(99);
}

static void chain_of_leaks(void)
{
    make_all();
    go_named("relay", relay, NULL);
    go_named("last", range_results, NULL);
    chan_send(jobs, 1);
    settle();
}

static void exits(void *arg)
{
    (void)arg;
    nap(50);
    puts("done");
    exit(0);
}

/* The process ends in a goroutine, main has left before; another one is blocked. */
static void leak_exit_elsewhere(void)
{
    make_all();
    go_named("worker", range_jobs, NULL);
    go(exits, NULL);
    pthread_exit(NULL);
}

/* Neighbour: main is alive, and might still come. */
static void exit_elsewhere(void)
{
    make_all();
    go_named("worker", range_jobs, NULL);
    go(exits, NULL);
    await(99);
}

static void alone_at_the_end(void)
{
    make_all();
    go_named("lonely", send_result, NULL);
    settle();
}

static void sleeps(void *arg)
{
    (void)arg;
    nap(10000);
}

/* Somebody is alive, but nobody has ever been seen at the other end. */
static void nobody_came(void)
{
    make_all();
    go(sleeps, NULL);
    go_named("worker", range_results, NULL);
    settle();
}

const struct scenario scenarios[] = {
    {"first-wins", first_wins},
    {"timeout-unbuffered", timeout_unbuffered},
    {"timeout-buffered", timeout_buffered},
    {"blocked-select", blocked_select},
    {"range-no-close-end", range_no_close_end},
    {"twenty-alike", twenty_alike},
    {"blocked-wait", blocked_wait},
    {"chain-of-leaks", chain_of_leaks},
    {"leak-exit-elsewhere", leak_exit_elsewhere},
    {"exit-elsewhere", exit_elsewhere},
    {"nobody-came", nobody_came},
    {"alone-at-the-end", alone_at_the_end},
    {NULL, NULL},
};
