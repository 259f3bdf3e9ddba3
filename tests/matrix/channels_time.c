/* SPDX-License-Identifier: MIT */
/*
 * channels_time.c - what the clock will do: timers, tickers, contexts with a deadline
 *
 * Every scenario must stay silent and end by itself, but for the last three: there nobody sets the
 * clock any more.
 */
#include "channels.h"

static int_chan jobs;
static struct waitgroup wg;
static struct timer *timer;
static struct context *ctx;

static void after_in_select(void)
{
    jobs = chan_make(int_chan, 0);
    chan_select(RECV(jobs, NULL), RECV(time_after(GAP_MS * MILLISECOND), NULL));
}

static void after_alone(void)
{
    chan_recv(time_after(GAP_MS * MILLISECOND), NULL);
}

/* The timeout goes from one goroutine to the other: only the clock moves them. */
static void relay_time(void *arg)
{
    (void)arg;
    chan_recv(time_after(GAP_MS * MILLISECOND), NULL);
    chan_send(jobs, 1);
}

static void after_relayed(void)
{
    jobs = chan_make(int_chan, 0);
    go(relay_time, NULL);
    chan_recv(jobs, NULL);
}

static void sleep_alone(void)
{
    time_sleep(GAP_MS * MILLISECOND);
}

static void reset_later(void *arg)
{
    (void)arg;
    nap(GAP_MS);
    timer_reset(timer, 10 * MILLISECOND);
}

/* A stopped timer: whoever knows it may start it again. */
static void stopped_timer_reset(void)
{
    timer = timer_new(50 * MILLISECOND);
    timer_stop(timer);
    waitgroup_go(&wg, reset_later, NULL);
    chan_recv(timer_done(timer), NULL);
    waitgroup_wait(&wg);
    timer_free(timer);
}

/* Stopped under the waiter, and started again. */
static void stop_and_reset(void *arg)
{
    (void)arg;
    nap(20);
    timer_stop(timer);
    reset_later(NULL);
}

static void timer_stopped_while_waited(void)
{
    timer = timer_new(10 * SECOND);
    waitgroup_go(&wg, stop_and_reset, NULL);
    chan_recv(timer_done(timer), NULL);
    waitgroup_wait(&wg);
    timer_free(timer);
}

/* It has fired once; nobody but the clock ever sent. */
static void timer_used_twice(void)
{
    timer = timer_new(10 * MILLISECOND);
    chan_recv(timer_done(timer), NULL);
    waitgroup_go(&wg, reset_later, NULL);
    chan_recv(timer_done(timer), NULL);
    waitgroup_wait(&wg);
    timer_free(timer);
}

static void slow_ticker(void)
{
    struct ticker *ticker = ticker_new(GAP_MS * MILLISECOND);

    chan_recv(ticker_ticks(ticker), NULL);
    chan_recv(ticker_ticks(ticker), NULL);
    ticker_stop(ticker);
    ticker_free(ticker);
}

static void ticker_loop(void *arg)
{
    struct ticker *ticker = ticker_new(20 * MILLISECOND);
    int ticks = 0;

    (void)arg;
    while (chan_select(RECV(ticker_ticks(ticker), NULL), RECV(jobs, NULL)) == 0)
        ticks++;
    ticker_free(ticker);
    if (ticks < 2)
        fail("no ticks");
}

static void ticker_and_close(void)
{
    jobs = chan_make(int_chan, 0);
    waitgroup_go(&wg, ticker_loop, NULL);
    nap(GAP_MS);
    chan_close(jobs);
    waitgroup_wait(&wg);
}

static void wait_for_context(void *arg)
{
    (void)arg;
    chan_recv(context_done(ctx), NULL);
}

/* Nothing but the deadline will end it, for all of them. */
static void context_timeout(void)
{
    ctx = context_with_timeout(context_background(), PAUSE_MS * MILLISECOND);
    waitgroup_go(&wg, wait_for_context, NULL);
    waitgroup_wait(&wg);
    context_free(ctx);
}

static void child_of_timeout(void)
{
    struct context *parent = context_with_timeout(context_background(), GAP_MS * MILLISECOND);

    ctx = context_with_cancel(parent);
    waitgroup_go(&wg, wait_for_context, NULL);
    waitgroup_wait(&wg);
    context_free(ctx);
    context_free(parent);
}

static void cancel_later(void *arg)
{
    (void)arg;
    nap(2000);
    context_cancel(ctx);
}

static void context_cancelled_late(void)
{
    ctx = context_with_cancel(context_background());
    waitgroup_go(&wg, wait_for_context, NULL);
    go(cancel_later, NULL);
    waitgroup_wait(&wg);
    context_free(ctx);
}

/* The deadline starts a function, and that one wakes main. */
static void wake_main(void *arg)
{
    (void)arg;
    chan_send(jobs, 1);
}

static void after_func_of_deadline(void)
{
    struct context_stop *stop;

    jobs = chan_make(int_chan, 0);
    ctx = context_with_timeout(context_background(), GAP_MS * MILLISECOND);
    stop = context_after_func(ctx, wake_main, NULL);
    chan_recv(jobs, NULL);
    context_stop(stop);
    context_free(ctx);
}

/* A worker that has timed out before, and waits without a limit now, for one that is alive. */
static void poll_then_wait(void *arg)
{
    (void)arg;
    chan_select(RECV(jobs, NULL), RECV(time_after(10 * MILLISECOND), NULL));
    chan_recv(jobs, NULL);
}

static void limit_then_none(void)
{
    jobs = chan_make(int_chan, 0);
    waitgroup_go(&wg, poll_then_wait, NULL);
    nap(GAP_MS);
    chan_send(jobs, 1);
    waitgroup_wait(&wg);
}

/* ---------------------------------------------------------------- the clock is of no help */

/* A stopped timer, and nobody left to start it. */
static void stopped_timer(void)
{
    timer = timer_new(10 * MILLISECOND);
    timer_stop(timer);
    chan_recv(timer_done(timer), NULL);
}

/* The one value of time_after() has been taken. */
static void after_twice(void)
{
    time_chan_receiver once = time_after(10 * MILLISECOND);

    chan_recv(once, NULL);
    chan_recv(once, NULL);
}

static void stopped_ticker(void)
{
    struct ticker *ticker = ticker_new(10 * MILLISECOND);

    chan_recv(ticker_ticks(ticker), NULL);
    ticker_stop(ticker);
    chan_recv(ticker_ticks(ticker), NULL);
}

const struct scenario scenarios[] = {
    {"after-in-select", after_in_select},
    {"after-alone", after_alone},
    {"after-relayed", after_relayed},
    {"sleep-alone", sleep_alone},
    {"stopped-timer-reset", stopped_timer_reset},
    {"timer-stopped-while-waited", timer_stopped_while_waited},
    {"timer-used-twice", timer_used_twice},
    {"slow-ticker", slow_ticker},
    {"ticker-and-close", ticker_and_close},
    {"context-timeout", context_timeout},
    {"child-of-timeout", child_of_timeout},
    {"context-cancelled-late", context_cancelled_late},
    {"after-func-of-deadline", after_func_of_deadline},
    {"limit-then-none", limit_then_none},
    {"stopped-timer", stopped_timer},
    {"after-twice", after_twice},
    {"stopped-ticker", stopped_ticker},
    {NULL, NULL},
};
