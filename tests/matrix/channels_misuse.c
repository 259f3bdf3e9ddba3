/* SPDX-License-Identifier: MIT */
/*
 * channels_misuse.c - what nobody may do with channels, WaitGroups and contexts
 *
 * What panics ends the program with Go's words; the rest goes on and is told.
 */
#include "channels.h"

#include <stdlib.h>
#include <string.h>

static int_chan jobs, results;
static struct waitgroup wg;

static void make_jobs(int capacity)
{
    jobs = chan_make(int_chan, capacity);
    gridlock_name(jobs.chan, "jobs");
}

/* ---------------------------------------------------------------- close */

static void send_on_closed(void)
{
    make_jobs(1);
    chan_close(jobs);
    chan_send(jobs, 1);
}

static void select_send_on_closed(void)
{
    make_jobs(1);
    chan_close(jobs);
    chan_select(SEND(jobs, 1), RECV(results, NULL));
}

static void send_blocked(void *arg)
{
    (void)arg;
    chan_send(jobs, 1);
}

/* The sender was there first; the close wakes it into its panic. */
static void closed_under_sender(void)
{
    make_jobs(0);
    go_named("sender", send_blocked, NULL);
    settle();
    chan_close(jobs);
    nap(2000);
}

static void double_close(void)
{
    make_jobs(0);
    chan_close(jobs);
    chan_close(jobs);
}

static void close_nil(void)
{
    chan_close(results);
}

static void receive_and_close(void *arg)
{
    (void)arg;
    chan_recv(jobs, NULL);
    chan_close(jobs);
    reach(1);
}

/* It did not go wrong in this run. */
static void close_by_receiver(void)
{
    make_jobs(0);
    go_named("worker", receive_and_close, NULL);
    chan_send(jobs, 1);
    await(1);
}

/* Here it does. */
static void close_by_receiver_panics(void)
{
    close_by_receiver();
    chan_send(jobs, 2);
}

static void close_only(void *arg)
{
    (void)arg;
    chan_close(jobs);
    reach(1);
}

/* Neighbour: a third one closes, who waits for all senders. */
static void close_by_third(void)
{
    make_jobs(4);
    chan_send(jobs, 1);
    go(close_only, NULL);
    await(1);
    chan_recv(jobs, NULL);
    chan_free(jobs);
}

static void send_one(void *arg)
{
    (void)arg;
    chan_send(jobs, 1);
    reach(1);
}

/* Neighbour: main made the channel and only receives; it owns it and knows that all have sent. */
static void close_by_owner(void)
{
    make_jobs(0);
    go(send_one, NULL);
    chan_recv(jobs, NULL);
    await(1);
    chan_close(jobs);
    chan_free(jobs);
}

/* Neighbour: a done channel, closed by a worker that made nothing and sent nothing. */
static void close_done_by_worker(void)
{
    make_jobs(0);
    go(close_only, NULL);
    chan_recv(jobs, NULL);
}

/* ---------------------------------------------------------------- free */

static void use_of_freed(void)
{
    make_jobs(1);
    chan_send(jobs, 1);
    chan_free(jobs);
    chan_send(jobs, 2);
}

static void receive_from_freed(void)
{
    make_jobs(1);
    chan_free(jobs);
    chan_recv(jobs, NULL);
}

static void receive_blocked(void *arg)
{
    (void)arg;
    chan_recv(jobs, NULL);
}

static void free_while_waited(void)
{
    make_jobs(0);
    go_named("waiter", receive_blocked, NULL);
    settle();
    chan_free(jobs);
}

/* ---------------------------------------------------------------- WaitGroups */

static void wg_negative(void)
{
    waitgroup_add(&wg, 1);
    waitgroup_done(&wg);
    waitgroup_done(&wg);
}

static void wait_only(void *arg)
{
    (void)arg;
    waitgroup_wait(&wg);
    reach(1);
}

/* A new task, while those whom the last one woke are still on their way back: sooner or later it
 * meets one. */
static void wg_reused(void)
{
    for (int attempt = 0; attempt < 20; attempt++) {
        waitgroup_add(&wg, 1);
        for (int i = 0; i < 50; i++)
            go(wait_only, NULL);
        settle();
        waitgroup_done(&wg);
        waitgroup_add(&wg, 1);
        waitgroup_done(&wg);
        settle();
    }
}

/* Neighbour: used again, after everybody is back. */
static void wg_used_again(void)
{
    for (int i = 0; i < 3; i++) {
        waitgroup_add(&wg, 1);
        reach(0);
        go(wait_only, NULL);
        settle();
        waitgroup_done(&wg);
        await(1);
        settle();
    }
}

static void done_on_copy(void *arg)
{
    struct waitgroup copy = *(struct waitgroup *)arg;

    waitgroup_done(&copy);
    reach(1);
}

/* The classic: passed by value. The original stays at one; main does not wait for it here. */
static void wg_copied(void)
{
    waitgroup_add(&wg, 1);
    go_named("worker", done_on_copy, &wg);
    await(1);
}

/* Here it does, and hangs. */
static void wg_copied_hang(void)
{
    waitgroup_add(&wg, 1);
    go_named("worker", done_on_copy, &wg);
    waitgroup_wait(&wg);
}

struct batch {
    struct waitgroup group;
    int n;
};

/* Neighbour: a struct with one in it is moved before its first use. */
static void wg_moved_unused(void)
{
    struct batch first = {.n = 1}, second;

    memcpy(&second, &first, sizeof second);
    waitgroup_add(&second.group, 1);
    waitgroup_done(&second.group);
    waitgroup_wait(&second.group);
    memset(&second, 0, sizeof second);
    waitgroup_add(&second.group, 1);
    waitgroup_done(&second.group);
    waitgroup_wait(&second.group);
}

/* ---------------------------------------------------------------- contexts */

static void wait_for_context(void *arg)
{
    struct context *ctx = arg;

    chan_recv(context_done(ctx), NULL);
    reach(99);
}

static void cancel_missing(void)
{
    struct context *ctx = context_with_cancel(context_background());

    go_named("worker", wait_for_context, ctx);
    settle();
}

static void cancel_missing_alone(void)
{
    struct context *ctx = context_with_cancel(context_background());

    context_err(ctx);
}

/* Two wait on a context, one on its child: one mistake. */
static void cancel_missing_tree(void)
{
    struct context *ctx = context_with_cancel(context_background());
    struct context *child = context_with_cancel(ctx);

    go(wait_for_context, ctx);
    go(wait_for_context, ctx);
    settle();
    context_cancel(child);
    context_free(child);
}

static void freed_uncancelled(void)
{
    struct context *ctx = context_with_cancel(context_background());

    context_free(ctx);
}

static void timeout_not_cancelled(void)
{
    struct context *ctx = context_with_timeout(context_background(), 100 * SECOND);

    go_named("worker", wait_for_context, ctx);
    settle();
}

/* Neighbour: its time is up, so it is cancelled. */
static void timeout_expired(void)
{
    struct context *ctx = context_with_timeout(context_background(), 20 * MILLISECOND);

    go(wait_for_context, ctx);
    await(99);
    context_free(ctx);
}

/* Neighbour: DEFER does it on every path. */
static void cancel_deferred(void)
{
    struct context *ctx = context_with_cancel(context_background());

    DEFER(context_free, ctx);
    DEFER(context_cancel, ctx);
    go(wait_for_context, ctx);
    settle();
    context_cancel(ctx);
    await(99);
}

/* Neighbour: the parent's cancellation reaches the child. */
static void parent_cancels(void)
{
    struct context *ctx = context_with_cancel(context_background());
    struct context *child = context_with_timeout(ctx, 100 * SECOND);

    go(wait_for_context, child);
    context_cancel(ctx);
    await(99);
    context_free(child);
    context_free(ctx);
}

/* Neighbour: what only carries a value cannot be cancelled. */
static void value_only(void)
{
    static const char key;
    struct context *ctx = context_with_value(context_background(), &key, &jobs);

    if (context_value(ctx, &key) != &jobs)
        fail("value");
    context_free(ctx);
    context_free(context_without_cancel(context_background()));
}

const struct scenario scenarios[] = {
    {"send-on-closed", send_on_closed},
    {"select-send-on-closed", select_send_on_closed},
    {"closed-under-sender", closed_under_sender},
    {"double-close", double_close},
    {"close-nil", close_nil},
    {"close-by-receiver", close_by_receiver},
    {"close-by-receiver-panics", close_by_receiver_panics},
    {"close-by-third", close_by_third},
    {"close-by-owner", close_by_owner},
    {"close-done-by-worker", close_done_by_worker},
    {"use-of-freed", use_of_freed},
    {"receive-from-freed", receive_from_freed},
    {"free-while-waited", free_while_waited},
    {"wg-negative", wg_negative},
    {"wg-reused", wg_reused},
    {"wg-used-again", wg_used_again},
    {"wg-copied", wg_copied},
    {"wg-copied-hang", wg_copied_hang},
    {"wg-moved-unused", wg_moved_unused},
    {"cancel-missing", cancel_missing},
    {"cancel-missing-alone", cancel_missing_alone},
    {"cancel-missing-tree", cancel_missing_tree},
    {"freed-uncancelled", freed_uncancelled},
    {"timeout-not-cancelled", timeout_not_cancelled},
    {"timeout-expired", timeout_expired},
    {"cancel-deferred", cancel_deferred},
    {"parent-cancels", parent_cancels},
    {"value-only", value_only},
    {NULL, NULL},
};
