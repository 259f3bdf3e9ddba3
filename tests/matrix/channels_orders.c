/* SPDX-License-Identifier: MIT */
/*
 * channels_orders.c - two lock orders, and what keeps them apart, or does not
 *
 * One goroutine takes A then B, the other one B then A, and no hang is possible when the second
 * begins only after the first is done. Channels, WaitGroups and contexts say so.
 */
#include "channels.h"

static int_chan turn, other_turn;
static signal_chan closed;
static struct waitgroup wg;
static struct context *ctx;
static sem_t sem;
static pthread_mutex_t lock_a = PTHREAD_MUTEX_INITIALIZER, lock_b = PTHREAD_MUTEX_INITIALIZER;

static void make_all(int capacity)
{
    turn = chan_make(int_chan, capacity);
    other_turn = chan_make(int_chan, capacity);
    closed = chan_make(signal_chan, 0);
    ctx = context_with_cancel(context_background());
    sem_make(&sem, 0);
}

static void both(pthread_mutex_t *outer, pthread_mutex_t *inner)
{
    pthread_mutex_lock(outer);
    pthread_mutex_lock(inner);
    pthread_mutex_unlock(inner);
    pthread_mutex_unlock(outer);
}

static void a_then_b(void)
{
    both(&lock_a, &lock_b);
}

static void b_then_a(void)
{
    both(&lock_b, &lock_a);
}

/* ---------------------------------------------------------------- nothing orders them */

static void plain(void *arg)
{
    (void)arg;
    await(1);
    b_then_a();
    reach(2);
}

static void unordered(void)
{
    make_all(0);
    go_named("worker", plain, NULL);
    a_then_b();
    reach(1);
    await(2);
    context_cancel(ctx);
}

/* A channel is used, but it tells nothing about the turns: the send comes before the locks. */
static void receive_first(void *arg)
{
    (void)arg;
    chan_recv(turn, NULL);
    await(1);
    b_then_a();
    reach(2);
}

static void told_too_early(void)
{
    make_all(0);
    go_named("worker", receive_first, NULL);
    chan_send(turn, 1);
    a_then_b();
    reach(1);
    await(2);
    context_cancel(ctx);
}

/* A full buffer orders nothing from receiver to sender as long as the sender never waits. */
static void receive_late(void *arg)
{
    (void)arg;
    b_then_a();
    chan_recv(turn, NULL);
    reach(1);
}

static void buffered_wrong_way(void)
{
    make_all(4);
    go_named("worker", receive_late, NULL);
    chan_send(turn, 1);
    await(1);
    a_then_b();
    context_cancel(ctx);
}

/* ---------------------------------------------------------------- hand-over */

static void receive_then_lock(void *arg)
{
    (void)arg;
    chan_recv(turn, NULL);
    b_then_a();
    chan_send(other_turn, 1);
}

static void by_channel(int capacity)
{
    make_all(capacity);
    go(receive_then_lock, NULL);
    a_then_b();
    chan_send(turn, 1);
    chan_recv(other_turn, NULL);
    a_then_b();
    context_cancel(ctx);
}

static void by_send(void)
{
    by_channel(0);
}

static void by_buffered_send(void)
{
    by_channel(3);
}

static void select_then_lock(void *arg)
{
    (void)arg;
    chan_select(RECV(turn, NULL), RECV(closed, NULL));
    b_then_a();
    chan_select(SEND(other_turn, 1), RECV(closed, NULL));
}

static void by_select(void)
{
    make_all(0);
    go(select_then_lock, NULL);
    a_then_b();
    chan_select(SEND(turn, 1), RECV(context_done(ctx), NULL));
    chan_recv(other_turn, NULL);
    a_then_b();
    context_cancel(ctx);
}

/* Unbuffered: the receive comes before the send returns. */
static void lock_then_receive(void *arg)
{
    (void)arg;
    b_then_a();
    chan_recv(turn, NULL);
}

static void by_receive(void)
{
    make_all(0);
    go(lock_then_receive, NULL);
    chan_send(turn, 1);
    a_then_b();
    context_cancel(ctx);
}

/* A token in a buffer of one is a mutex: the receive of n comes before the send of n+1 is done. */
static void with_token(void *arg)
{
    chan_send(turn, 1);
    if (arg)
        a_then_b();
    else
        b_then_a();
    chan_recv(turn, NULL);
}

static void by_token(void)
{
    make_all(1);
    for (int i = 0; i < 6; i++)
        waitgroup_go(&wg, with_token, i % 2 ? &turn : NULL);
    waitgroup_wait(&wg);
    context_cancel(ctx);
}

static void await_close(void *arg)
{
    (void)arg;
    chan_recv(closed, NULL);
    b_then_a();
}

static void by_close(void)
{
    make_all(0);
    waitgroup_go(&wg, await_close, NULL);
    waitgroup_go(&wg, await_close, NULL);
    a_then_b();
    chan_close(closed);
    waitgroup_wait(&wg);
    a_then_b();
    context_cancel(ctx);
}

static void await_cancel(void *arg)
{
    (void)arg;
    chan_recv(context_done(ctx), NULL);
    b_then_a();
}

static void by_cancel(void)
{
    make_all(0);
    waitgroup_go(&wg, await_cancel, NULL);
    a_then_b();
    context_cancel(ctx);
    waitgroup_wait(&wg);
}

static void poll_cancel(void *arg)
{
    (void)arg;
    while (context_err(ctx) == CONTEXT_OK)
        nap(1);
    chan_recv(context_done(ctx), NULL);
    b_then_a();
}

static void by_cancel_seen_late(void)
{
    make_all(0);
    waitgroup_go(&wg, poll_cancel, NULL);
    a_then_b();
    nap(5);
    context_cancel(ctx);
    waitgroup_wait(&wg);
}

static void lock_only(void *arg)
{
    (void)arg;
    b_then_a();
}

static void by_waitgroup(void)
{
    make_all(0);
    a_then_b();
    for (int i = 0; i < 3; i++)
        waitgroup_go(&wg, lock_only, NULL);
    waitgroup_wait(&wg);
    a_then_b();
    context_cancel(ctx);
}

/* Three in a row: what the first knew goes through the second. */
static void pass_on(void *arg)
{
    (void)arg;
    chan_recv(turn, NULL);
    chan_send(other_turn, 1);
}

static void lock_after_other(void *arg)
{
    (void)arg;
    chan_recv(other_turn, NULL);
    b_then_a();
}

static void through_a_third(void)
{
    make_all(2);
    waitgroup_go(&wg, pass_on, NULL);
    waitgroup_go(&wg, lock_after_other, NULL);
    a_then_b();
    chan_send(turn, 1);
    waitgroup_wait(&wg);
    context_cancel(ctx);
}

static void lock_when_cancelled(void *arg)
{
    (void)arg;
    b_then_a();
    sem_post(&sem);
}

/* What context_after_func() starts comes after the cancel. */
static void by_after_func(void)
{
    struct context_stop *stop;

    make_all(0);
    stop = context_after_func(ctx, lock_when_cancelled, NULL);
    a_then_b();
    context_cancel(ctx);
    sem_wait(&sem);
    context_stop(stop);
    a_then_b();
}

const struct scenario scenarios[] = {
    {"unordered", unordered},
    {"told-too-early", told_too_early},
    {"buffered-wrong-way", buffered_wrong_way},
    {"by-send", by_send},
    {"by-buffered-send", by_buffered_send},
    {"by-select", by_select},
    {"by-receive", by_receive},
    {"by-token", by_token},
    {"by-close", by_close},
    {"by-cancel", by_cancel},
    {"by-cancel-seen-late", by_cancel_seen_late},
    {"by-waitgroup", by_waitgroup},
    {"through-a-third", through_a_third},
    {"by-after-func", by_after_func},
    {NULL, NULL},
};
