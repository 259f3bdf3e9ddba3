/* SPDX-License-Identifier: MIT */
/*
 * channels_stuck.c - goroutines that can never run again, at channels, selects and WaitGroups
 *
 * Each scenario must be found; the table says how surely, and in which words.
 */
#include "channels.h"

#include <stdint.h>

enum { RING = 5 };

static int_chan jobs, results, first, mid, out, ring[RING], nothing;
static struct waitgroup wg;

static void make_all(void)
{
    jobs = chan_make(int_chan, 0);
    results = chan_make(int_chan, 0);
    gridlock_name(jobs.chan, "jobs");
    gridlock_name(results.chan, "results");
}

static void ends_at_once(void *arg)
{
    (void)arg;
}

static void range(void *arg)
{
    int n;

    (void)arg;
    while (chan_recv(jobs, &n))
        continue;
    reach(99);
}

/* ---------------------------------------------------------------- nobody at the other end */

static void send_nobody(void)
{
    make_all();
    chan_send(jobs, 1);
}

static void receive_nobody(void)
{
    make_all();
    chan_recv(jobs, NULL);
}

/* The buffer takes two; the third waits. */
static void send_buffer_full(void)
{
    jobs = chan_make(int_chan, 2);
    for (int i = 0; i < 3; i++)
        chan_send(jobs, i);
}

/* The goroutine that should have received has ended before. */
static void send_after_receiver(void)
{
    make_all();
    go_named("once", ends_at_once, NULL);
    chan_send(jobs, 1);
}

static void range_no_close(void)
{
    make_all();
    waitgroup_go(&wg, range, NULL);
    for (int i = 0; i < 3; i++)
        chan_send(jobs, i);
    waitgroup_wait(&wg);
}

static void select_no_cases(void)
{
    go(ends_at_once, NULL);
    chan_select_cases(NULL, 0);
}

static void select_nil_only(void)
{
    chan_select(RECV(nothing, NULL), SEND(nothing, 1));
}

static void select_all_dead(void)
{
    make_all();
    chan_select(RECV(jobs, NULL), SEND(results, 1), RECV(nothing, NULL));
}

/* ---------------------------------------------------------------- circles */

static void send_to_main(void *arg)
{
    (void)arg;
    chan_send(results, 1);
    chan_recv(jobs, NULL);
    reach(99);
}

static void both_send(void)
{
    make_all();
    go_named("worker", send_to_main, NULL);
    chan_send(jobs, 1);
    chan_recv(results, NULL);
}

static void receive_then_send(void *arg)
{
    intptr_t i = (intptr_t)arg;

    chan_recv(ring[i], NULL);
    chan_send(ring[(i + 1) % RING], 1);
    reach(99);
}

/* Each waits for its left neighbour to begin. */
static void ring_of_5(void)
{
    for (int i = 0; i < RING; i++)
        ring[i] = chan_make(int_chan, 0);
    for (intptr_t i = 1; i < RING; i++)
        go(receive_then_send, (void *)i);
    receive_then_send(0);
}

static void jobs_to_results(void *arg)
{
    int n;

    (void)arg;
    while (chan_recv(jobs, &n))
        chan_send(results, n);
    reach(99);
}

/* main sends all jobs before it takes the first result: both buffers fill up. */
static void send_all_first(void)
{
    jobs = chan_make(int_chan, 2);
    results = chan_make(int_chan, 2);
    go_named("worker", jobs_to_results, NULL);
    for (int i = 0; i < 10; i++)
        chan_send(jobs, i);
    for (int i = 0; i < 10; i++)
        chan_recv(results, NULL);
}

/* The same while others go on: each has been seen at the other end, so it is likely. */
static void send_all_first_others_run(void)
{
    end_later();
    jobs = chan_make(int_chan, 2);
    results = chan_make(int_chan, 2);
    go_named("worker", jobs_to_results, NULL);
    chan_send(jobs, 0);
    chan_recv(results, NULL);
    for (int i = 0; i < 10; i++)
        chan_send(jobs, i);
}

/* ---------------------------------------------------------------- plain threads */

static void threads_send(void)
{
    pthread_t thread;

    make_all();
    thread = start(as_thread, (void *)send_to_main);
    chan_send(jobs, 1);
    join(thread);
}

static void threads_range(void)
{
    make_all();
    join(start(as_thread, (void *)range));
}

/* ---------------------------------------------------------------- nil */

static void send_nil(void *arg)
{
    (void)arg;
    chan_send(nothing, 1);
    reach(99);
}

static void receive_nil(void *arg)
{
    (void)arg;
    chan_recv(nothing, NULL);
    reach(99);
}

/* Certain at once, whoever else runs. */
static void nil_send(void)
{
    start_ticker();
    go_named("worker", send_nil, NULL);
    nap(5000);
}

static void nil_receive(void)
{
    start_ticker();
    go_named("worker", receive_nil, NULL);
    nap(5000);
}

static void nil_in_thread(void)
{
    start_ticker();
    join(start(as_thread, (void *)receive_nil));
}

/* ---------------------------------------------------------------- WaitGroups */

static void one_is_done(void *arg)
{
    (void)arg;
    waitgroup_done(&wg);
}

static void wg_never_done(void)
{
    waitgroup_add(&wg, 2);
    go(one_is_done, NULL);
    waitgroup_wait(&wg);
}

/* The only open task is a goroutine that blocks for ever: certain while others run. */
static void wg_of_nil(void)
{
    start_ticker();
    waitgroup_go(&wg, send_nil, NULL);
    waitgroup_wait(&wg);
}

/* Two of them wait for each other. */
static struct waitgroup other_wg;

static void wait_for_other(void *arg)
{
    (void)arg;
    await(1);
    waitgroup_wait(&wg);
    reach(99);
}

static void wait_for_first(void *arg)
{
    (void)arg;
    await(1);
    waitgroup_wait(&other_wg);
    reach(99);
}

static void wg_circle(void)
{
    start_ticker();
    waitgroup_go(&wg, wait_for_first, NULL);
    waitgroup_go(&other_wg, wait_for_other, NULL);
    reach(1);
    nap(5000);
}

/* ---------------------------------------------------------------- others go on */

struct stage {
    int_chan_receiver in;
    int_chan_sender out;
};

static void stage(void *arg)
{
    struct stage *self = arg;
    int n;

    while (chan_recv(self->in, &n))
        chan_send(self->out, n + 1);
    chan_close(self->out);
}

static void take_three(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++)
        chan_recv(out, NULL);
    nap(1);
}

static void generate(void *arg)
{
    (void)arg;
    for (int i = 0; i < 100; i++)
        chan_send(first, i);
    chan_close(first);
}

/* The collector, the only receiver, leaves after three; all stages behind it fill up. */
static void partial(void)
{
    static struct stage one, two;

    first = chan_make(int_chan, 0);
    mid = chan_make(int_chan, 2);
    out = chan_make(int_chan, 0);
    one = (struct stage){first.receiver, mid.sender};
    two = (struct stage){mid.receiver, out.sender};
    start_ticker();
    go_named("source", generate, NULL);
    go_named("stage1", stage, &one);
    go_named("stage2", stage, &two);
    go_named("collector", take_three, NULL);
    nap(PAUSE_MS);
}

/* The same with threads that join() would end, and main in a time_sleep(). */
static void partial_threads(void)
{
    first = out = chan_make(int_chan, 0);
    gridlock_name(first.chan, "first");
    start_ticker();
    start(as_thread, (void *)generate);
    start(as_thread, (void *)take_three);
    time_sleep(PAUSE_MS * MILLISECOND);
}

/* Only the sender, a goroutine, is left behind, and main goes on and ends well. */
static void select_partial_body(void *arg)
{
    (void)arg;
    for (;;)
        chan_select(SEND(out, 1), SEND(mid, 2));
}

static void take_both(void *arg)
{
    (void)arg;
    chan_recv(out, NULL);
    chan_recv(mid, NULL);
    chan_recv(out, NULL);
    chan_recv(mid, NULL);
}

static void select_partial(void)
{
    out = chan_make(int_chan, 0);
    mid = chan_make(int_chan, 0);
    start_ticker();
    go_named("chooser", select_partial_body, NULL);
    go_named("taker", take_both, NULL);
    nap(PAUSE_MS);
}

const struct scenario scenarios[] = {
    {"send-nobody", send_nobody},
    {"receive-nobody", receive_nobody},
    {"send-buffer-full", send_buffer_full},
    {"send-after-receiver", send_after_receiver},
    {"range-no-close", range_no_close},
    {"select-no-cases", select_no_cases},
    {"select-nil-only", select_nil_only},
    {"select-all-dead", select_all_dead},
    {"both-send", both_send},
    {"ring-of-5", ring_of_5},
    {"send-all-first", send_all_first},
    {"send-all-first-others-run", send_all_first_others_run},
    {"threads-send", threads_send},
    {"threads-range", threads_range},
    {"nil-send", nil_send},
    {"nil-receive", nil_receive},
    {"nil-in-thread", nil_in_thread},
    {"wg-never-done", wg_never_done},
    {"wg-of-nil", wg_of_nil},
    {"wg-circle", wg_circle},
    {"partial", partial},
    {"partial-threads", partial_threads},
    {"select-partial", select_partial},
    {NULL, NULL},
};
