/* SPDX-License-Identifier: MIT */
/*
 * channels_watch.c - correct programs in which all who were seen wait, and another one brings the news
 *
 * Somebody polls, or sleeps, or is a signal handler; it has never been at the channel that the others
 * wait on, and comes after a long pause. Every scenario must stay silent and end by itself.
 */
#include "channels.h"

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

static int_chan jobs, results, items;
static struct waitgroup wg;
static sem_t alarm_came;
static int pipe_ends[2];

static void make_all(void)
{
    jobs = chan_make(int_chan, 0);
    results = chan_make(int_chan, 0);
    items = chan_make(int_chan, 1);
}

static void serve(void *arg)
{
    int n;

    (void)arg;
    while (chan_recv(jobs, &n))
        chan_send(results, n);
}

/* main has sent the first job itself, and now waits for results. */
static void serve_from_main(int count)
{
    waitgroup_go(&wg, serve, NULL);
    chan_send(jobs, 0);
    for (int i = 0; i < count; i++)
        chan_recv(results, NULL);
    chan_close(jobs);
    waitgroup_wait(&wg);
}

/* ---------------------------------------------------------------- who brings the news */

static void sleep_then_send(void *arg)
{
    (void)arg;
    nap(GAP_MS);
    chan_send(jobs, 1);
}

/* It was started before the channel was made; the channel is a global variable. */
static void older_than_channel(void)
{
    go(sleep_then_send, NULL);
    settle();
    make_all();
    serve_from_main(2);
}

static void poll_then_send(void *arg)
{
    (void)arg;
    for (int i = 0; i < 24; i++)
        nap(100);
    chan_send(jobs, 1);
}

/* It looks for something ten times a second, and finds it in the end. */
static void polling_watcher(void)
{
    make_all();
    go(poll_then_send, NULL);
    serve_from_main(2);
}

static void read_then_send(void *arg)
{
    char byte;

    (void)arg;
    while (read(pipe_ends[0], &byte, 1) == 1)
        if (byte == 'j')
            chan_send(jobs, 1);
}

static void write_late(void *arg)
{
    (void)arg;
    for (int i = 0; i < 14; i++) {
        nap(100);
        if (write(pipe_ends[1], i == 13 ? "j" : ".", 1) != 1)
            fail("write");
    }
}

/* A connection: it reads again and again, and only one of its messages is a job. */
static void reading_connection(void)
{
    make_all();
    if (pipe(pipe_ends) != 0)
        fail("pipe");
    go(read_then_send, NULL);
    go(write_late, NULL);
    serve_from_main(2);
}

static void on_alarm(int number)
{
    (void)number;
    sem_post(&alarm_came);
}

static void wait_for_alarm(void *arg)
{
    (void)arg;
    sem_wait(&alarm_came);
    chan_send(jobs, 1);
}

/* A signal handler posts a semaphore: nobody in the process is awake until then. */
static void signal_handler(void)
{
    struct itimerval timer = {.it_value = {GAP_MS / 1000, GAP_MS % 1000 * 1000}};

    make_all();
    sem_make(&alarm_came, 0);
    signal(SIGALRM, on_alarm);
    setitimer(ITIMER_REAL, &timer, NULL);
    go(wait_for_alarm, NULL);
    serve_from_main(2);
}

/* ---------------------------------------------------------------- who has something gives it back */

static void use_item_long(void *arg)
{
    int item;

    (void)arg;
    chan_recv(items, &item);
    for (int i = 0; i < 14; i++)
        nap(100);
    chan_send(items, item);
}

/* One item for two: the first has never given it back before. */
static void pool_of_items(void)
{
    make_all();
    chan_send(items, 1);
    waitgroup_go(&wg, use_item_long, NULL);
    waitgroup_go(&wg, use_item_long, NULL);
    waitgroup_wait(&wg);
}

/* The same in the other direction, a place each. */
static void hold_place_long(void *arg)
{
    (void)arg;
    chan_send(items, 1);
    for (int i = 0; i < 14; i++)
        nap(100);
    chan_recv(items, NULL);
}

static void place_for_two(void)
{
    make_all();
    waitgroup_go(&wg, hold_place_long, NULL);
    waitgroup_go(&wg, hold_place_long, NULL);
    waitgroup_wait(&wg);
}

static void in_a_place(void *arg)
{
    (void)arg;
    chan_send(items, 1);
    nap(700);
    chan_recv(items, NULL);
}

/* Those who had a place before have ended. */
static void places_taken_long(void)
{
    make_all();
    for (int i = 0; i < 4; i++)
        waitgroup_go(&wg, in_a_place, NULL);
    waitgroup_wait(&wg);
}

/* A third one, who has done the same before, is waited for by both. */
static void places_one_after_another(void)
{
    make_all();
    for (int i = 0; i < 3; i++) {
        chan_send(items, i);
        chan_recv(items, NULL);
    }
    place_for_two();
}

/* Two actors; each waits for the other's message, and for a third one's that comes late. */
static void actor(void *arg)
{
    int_chan *inbox = arg, *other = inbox == &jobs ? &results : &jobs;
    int n;

    while (chan_recv(*inbox, &n) && n < 9)
        if (n < 6)
            chan_send(*other, n + 1);
}

static void late_message(void *arg)
{
    (void)arg;
    nap(GAP_MS);
    chan_send(jobs, 9);
    chan_send(results, 9);
}

static void actors(void)
{
    jobs = chan_make(int_chan, 1);
    results = chan_make(int_chan, 1);
    waitgroup_go(&wg, actor, &jobs);
    waitgroup_go(&wg, actor, &results);
    waitgroup_go(&wg, late_message, NULL);
    chan_send(jobs, 0);
    waitgroup_wait(&wg);
}

const struct scenario scenarios[] = {
    {"older-than-channel", older_than_channel},
    {"polling-watcher", polling_watcher},
    {"reading-connection", reading_connection},
    {"signal-handler", signal_handler},
    {"pool-of-items", pool_of_items},
    {"place-for-two", place_for_two},
    {"places-taken-long", places_taken_long},
    {"places-one-after-another", places_one_after_another},
    {"actors", actors},
    {NULL, NULL},
};
