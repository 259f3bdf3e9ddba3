/* SPDX-License-Identifier: MIT */
/*
 * channels_idle.c - correct programs in which goroutines wait for a long time, and go on
 *
 * Every scenario must stay silent and end by itself. The pauses are longer than what is likely must
 * last; what is tempting is that at such a moment nobody that was seen so far is left to come.
 */
#include "channels.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static int_chan jobs, results, lines, outbox, lost;
static signal_chan done;
static struct waitgroup wg;

static void make_all(int capacity)
{
    jobs = chan_make(int_chan, capacity);
    results = chan_make(int_chan, capacity);
    lines = chan_make(int_chan, capacity);
    outbox = chan_make(int_chan, capacity);
    lost = chan_make(int_chan, 1);
    done = chan_make(signal_chan, 0);
}

static void range_jobs(void *arg)
{
    int n;

    (void)arg;
    while (chan_recv(jobs, &n))
        continue;
}

static void stop_pool(void)
{
    chan_close(jobs);
    waitgroup_wait(&wg);
}

/* ---------------------------------------------------------------- receivers wait, senders come */

static void send_line(void *arg)
{
    chan_send(lines, (int)(intptr_t)arg);
}

static void log_lines(void *arg)
{
    (void)arg;
    while (chan_recv(lines, NULL))
        continue;
}

/* Connections come and go; between them nobody is alive who ever sent a line. */
static void idle_logger(void)
{
    make_all(0);
    waitgroup_go(&wg, log_lines, NULL);
    go(send_line, NULL);
    nap(PAUSE_MS);
    go(send_line, NULL);
    nap(20);
    chan_close(lines);
    waitgroup_wait(&wg);
}

static void accept_connections(void *arg)
{
    (void)arg;
    for (int i = 0; i < 2; i++) {
        go(send_line, NULL);
        nap(GAP_MS);
    }
    chan_close(lines);
}

/* Another goroutine accepts them, and main waits for the logger's end. */
static void idle_logger_main_waits(void)
{
    make_all(0);
    waitgroup_go(&wg, log_lines, NULL);
    go(accept_connections, NULL);
    waitgroup_wait(&wg);
}

/* Nobody has sent anything yet; main sleeps in one way or the other. */
static void idle_pool(void)
{
    make_all(0);
    for (int i = 0; i < 4; i++)
        waitgroup_go(&wg, range_jobs, NULL);
    nap(PAUSE_MS);
    stop_pool();
}

static void idle_pool_after_work(void)
{
    make_all(4);
    for (int i = 0; i < 4; i++)
        waitgroup_go(&wg, range_jobs, NULL);
    for (int i = 0; i < 20; i++)
        chan_send(jobs, i);
    time_sleep(PAUSE_MS * MILLISECOND);
    chan_send(jobs, 1);
    stop_pool();
}

static void serve(void *arg)
{
    int n;

    (void)arg;
    while (chan_recv(jobs, &n))
        chan_send(results, n);
}

static void send_jobs_now_and_then(void *arg)
{
    (void)arg;
    for (int i = 0; i < 2; i++) {
        time_sleep(GAP_MS * MILLISECOND);
        chan_send(jobs, 7);
    }
}

/* main has sent the first job and now waits for results; the next jobs come from one that slept so
 * far and never sent before. */
static void first_tick_of_schedule(void)
{
    make_all(0);
    go(serve, NULL);
    go(send_jobs_now_and_then, NULL);
    chan_send(jobs, 1);
    for (int i = 0; i < 3; i++)
        chan_recv(results, NULL);
    chan_close(jobs);
}

/* Receivers come in generations, one at a time, with pauses between. */
static void take_two(void *arg)
{
    (void)arg;
    chan_recv(jobs, NULL);
    chan_recv(jobs, NULL);
}

static void number(void *arg)
{
    (void)arg;
    for (int i = 0; i < 8; i++)
        chan_send(jobs, i);
}

static void generations(void)
{
    make_all(0);
    waitgroup_go(&wg, number, NULL);
    go(take_two, NULL);
    go(take_two, NULL);
    nap(20);
    go(take_two, NULL);
    nap(GAP_MS);
    go(take_two, NULL);
    waitgroup_wait(&wg);
}

/* ---------------------------------------------------------------- senders wait, receivers come */

/* The id generator: every request takes a number, and the first request is long over. */
static void handle_request(void *arg)
{
    (void)arg;
    chan_recv(jobs, NULL);
}

static void id_generator(void)
{
    make_all(0);
    waitgroup_go(&wg, number, NULL);
    go(handle_request, NULL);
    for (int i = 0; i < 7; i++) {
        nap(i ? 5 : GAP_MS);
        go(handle_request, NULL);
    }
    waitgroup_wait(&wg);
}

/* The token bucket: filled at a steady rate, emptied by whoever comes. */
static void fill_bucket(void *arg)
{
    struct ticker *ticker = ticker_new(5 * MILLISECOND);

    (void)arg;
    for (int i = 0; i < 8; i++) {
        chan_recv(ticker_ticks(ticker), NULL);
        chan_send(jobs, i);
    }
    ticker_free(ticker);
}

static void token_bucket(void)
{
    make_all(2);
    waitgroup_go(&wg, fill_bucket, NULL);
    go(handle_request, NULL);
    nap(GAP_MS);
    for (int i = 0; i < 7; i++)
        go(handle_request, NULL);
    waitgroup_wait(&wg);
}

/* The writer of a connection ends when the connection does; a new one is dialled after a while. */
static void write_connection(void *arg)
{
    int limit = (int)(intptr_t)arg;

    for (int i = 0; i < limit; i++)
        if (!chan_recv(outbox, NULL))
            return;
    chan_send(lost, 1);
}

static void send_messages(void *arg)
{
    (void)arg;
    for (int i = 0; i < 8; i++)
        chan_send(outbox, i);
    chan_close(outbox);
}

static void reconnecting_writer(void)
{
    make_all(0);
    waitgroup_go(&wg, send_messages, NULL);
    go(write_connection, (void *)3);
    chan_recv(lost, NULL);
    time_sleep(GAP_MS * MILLISECOND); /* the back-off */
    go(write_connection, (void *)100);
    waitgroup_wait(&wg);
}

/* A supervisor starts a worker anew, and sees its end by a WaitGroup. */
static void supervised(void *arg)
{
    int limit = (int)(intptr_t)arg;

    for (int i = 0; i < limit; i++)
        if (!chan_recv(outbox, NULL))
            return;
}

static void supervisor(void)
{
    struct waitgroup worker = WAITGROUP_INIT;

    make_all(0);
    waitgroup_go(&wg, send_messages, NULL);
    waitgroup_go(&worker, supervised, (void *)3);
    waitgroup_wait(&worker);
    nap(GAP_MS);
    waitgroup_go(&worker, supervised, (void *)100);
    waitgroup_wait(&worker);
    waitgroup_wait(&wg);
}

/* Warm-up and main phase have a collector each; between them main computes. */
static void two_phases(void)
{
    make_all(0);
    waitgroup_go(&wg, number, NULL);
    go(take_two, NULL);
    nap(GAP_MS);
    for (int i = 0; i < 3; i++)
        go(take_two, NULL);
    waitgroup_wait(&wg);
}

/* The same, and main does the rest itself: it made the channel, and lives. */
static void main_takes_the_rest(void)
{
    make_all(0);
    waitgroup_go(&wg, number, NULL);
    go(take_two, NULL);
    nap(GAP_MS);
    for (int i = 0; i < 6; i++)
        chan_recv(jobs, NULL);
    waitgroup_wait(&wg);
}

/* main was seen at that end; it is slow. */
static void slow_main(void)
{
    make_all(0);
    waitgroup_go(&wg, number, NULL);
    for (int i = 0; i < 8; i++) {
        chan_recv(jobs, NULL);
        if (i == 0)
            nap(GAP_MS);
    }
    waitgroup_wait(&wg);
}

/* ---------------------------------------------------------------- main waits for ever */

static void work_and_exit(void *arg)
{
    (void)arg;
    for (int i = 0; i < 5; i++) {
        chan_send(jobs, i);
        nap(300);
    }
    chan_close(jobs);
    nap(20);
    exit(0);
}

static void say_done(void)
{
    fputs("done\n", stdout);
}

/* select {} in main, while the workers work. */
static void select_for_ever_in_main(void)
{
    atexit(say_done);
    make_all(0);
    go(work_and_exit, NULL);
    go(range_jobs, NULL);
    chan_select_cases(NULL, 0);
}

/* The same with the receive from a channel that nobody ever uses. */
static void receive_for_ever_in_main(void)
{
    atexit(say_done);
    make_all(0);
    go(work_and_exit, NULL);
    go(range_jobs, NULL);
    chan_recv(done, NULL);
}

/* The same with a nil channel, as Go's tutorials have it. */
static void nil_for_ever_in_main(void)
{
    int_chan for_ever = {NULL};

    atexit(say_done);
    make_all(0);
    go(work_and_exit, NULL);
    go(range_jobs, NULL);
    chan_recv(for_ever, NULL);
}

/* main waits for a request to stop; whoever makes it sleeps in a system call until then. */
static void stop_later(void *arg)
{
    (void)arg;
    nap(PAUSE_MS);
    chan_close(done);
}

static void waits_for_stop(void)
{
    make_all(0);
    for (int i = 0; i < 3; i++)
        waitgroup_go(&wg, range_jobs, NULL);
    go(stop_later, NULL);
    chan_recv(done, NULL);
    stop_pool();
}

const struct scenario scenarios[] = {
    {"idle-logger", idle_logger},
    {"idle-logger-main-waits", idle_logger_main_waits},
    {"idle-pool", idle_pool},
    {"idle-pool-after-work", idle_pool_after_work},
    {"first-tick-of-schedule", first_tick_of_schedule},
    {"generations", generations},
    {"id-generator", id_generator},
    {"token-bucket", token_bucket},
    {"reconnecting-writer", reconnecting_writer},
    {"supervisor", supervisor},
    {"two-phases", two_phases},
    {"main-takes-the-rest", main_takes_the_rest},
    {"slow-main", slow_main},
    {"select-for-ever-in-main", select_for_ever_in_main},
    {"receive-for-ever-in-main", receive_for_ever_in_main},
    {"nil-for-ever-in-main", nil_for_ever_in_main},
    {"waits-for-stop", waits_for_stop},
    {NULL, NULL},
};
