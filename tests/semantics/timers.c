/* SPDX-License-Identifier: MIT */
/*
 * Points 78 to 80: things that happen at a certain time. "Not before" is checked, and that they
 * happen at all; how soon after is the machine's business.
 */
#include "semantics.h"

#include <sys/syscall.h>
#include <unistd.h>

static int64_t receive_time(time_chan_receiver c)
{
    int64_t when = -1;

    CHECK(chan_recv(c, &when));
    return when;
}

/* --- 78 --- */

static void one_value_later(void)
{
    int64_t begin = now_ns(), when;
    struct timer *timer = timer_new(10 * MILLISECOND);

    when = receive_time(timer_done(timer));
    CHECK(when >= begin + 10 * MILLISECOND && when <= now_ns());
    time_sleep(20 * MILLISECOND);
    CHECK(!chan_try_recv(timer_done(timer), NULL, NULL));
    CHECK(!timer_stop(timer));
    timer_free(timer);
    when = receive_time(time_after(5 * MILLISECOND));
    CHECK(when >= begin + 35 * MILLISECOND && when <= now_ns());
}

/* Who looks all the time does not find it earlier than who sleeps. */
static void not_too_early_for_a_try(void)
{
    struct timer *timer = timer_new(0);

    for (int i = 0; i < 20; i++) {
        int64_t begin = now_ns(), when;

        timer_reset(timer, 5 * MILLISECOND);
        while (!chan_try_recv(timer_done(timer), &when, NULL))
            ;
        CHECK(when >= begin + 5 * MILLISECOND && when <= now_ns());
    }
    timer_free(timer);
}

static void at_once(void)
{
    static const int64_t durations[] = {0, -1, INT64_MIN};

    for (int i = 0; i < 3; i++) {
        struct timer *timer = timer_new(durations[i]);

        CHECK(chan_try_recv(timer_done(timer), NULL, NULL));
        CHECK_INT(chan_select(RECV(time_after(durations[i]), NULL), DEFAULT), 0);
        time_sleep(durations[i]);
        timer_free(timer);
    }
}

static void receive_once(void *timer)
{
    receive_time(timer_done(timer));
}

static void stop_prevents_it(void)
{
    struct timer *timer = timer_new(3600 * SECOND);
    static struct task task;

    CHECK(timer_stop(timer));
    CHECK(!timer_stop(timer));
    timer_reset(timer, 50 * MILLISECOND);
    task_start_asleep(&task, receive_once, timer);
    if (timer_stop(timer)) {
        time_sleep(70 * MILLISECOND);
        task_check_blocked(&task);
        timer_reset(timer, 0);
    }
    task_join(&task);
    timer_free(timer);
}

/* Fired, and nobody took the value: stop and reset take it back. */
static void nothing_stale(void)
{
    struct timer *timer = timer_new(MILLISECOND);
    int64_t again;

    time_sleep(3 * MILLISECOND);
    CHECK_INT((int)chan_len(timer_done(timer)), 1);
    CHECK(timer_stop(timer));
    CHECK(!chan_try_recv(timer_done(timer), NULL, NULL));
    CHECK(!timer_reset(timer, MILLISECOND));
    time_sleep(3 * MILLISECOND);
    again = now_ns();
    CHECK(timer_reset(timer, 10 * MILLISECOND));
    CHECK(receive_time(timer_done(timer)) >= again + 10 * MILLISECOND);
    CHECK(!timer_reset(timer, 3600 * SECOND));
    timer_free(timer);
}

static void reset_reaches_those_who_wait(void)
{
    struct timer *timer = timer_new(3600 * SECOND);
    struct task tasks[2];

    for (int i = 0; i < 2; i++)
        task_start_asleep(&tasks[i], receive_once, timer);
    CHECK(timer_reset(timer, INT64_MAX));
    task_check_blocked(&tasks[0]);
    CHECK(timer_reset(timer, 0));
    while (!task_finished(&tasks[0]) && !task_finished(&tasks[1]))
        usleep(100);
    task_check_blocked(&tasks[task_finished(&tasks[0])]); /* one value, one receiver */
    timer_reset(timer, 0);
    task_join(&tasks[0]);
    task_join(&tasks[1]);
    timer_free(timer);
}

static void the_earliest_wins(void)
{
    struct timer *all[3] = {timer_new(3600 * SECOND), timer_new(5 * MILLISECOND),
                            timer_new(1800 * SECOND)};

    CHECK_INT(chan_select(RECV(timer_done(all[0]), NULL), RECV(timer_done(all[1]), NULL),
                          RECV(timer_done(all[2]), NULL)),
              1);
    CHECK_INT(chan_select(RECV(timer_done(all[0]), NULL), RECV(time_after(3600 * SECOND), NULL),
                          RECV(time_after(MILLISECOND), NULL)),
              2);
    for (int i = 0; i < 3; i++)
        timer_free(all[i]);
}

static void sleep_is_long_enough(void)
{
    for (int i = 1; i < 5; i++) {
        int64_t begin = now_ns();

        time_sleep(i * MILLISECOND);
        CHECK(now_ns() - begin >= i * MILLISECOND);
    }
}

/* --- 79 --- */

static void ticks_come_and_are_dropped(void)
{
    enum { PERIOD_MS = 4 };
    int64_t begin = now_ns(), last = begin;
    struct ticker *ticker = ticker_new(PERIOD_MS * MILLISECOND);
    time_chan_receiver ticks = ticker_ticks(ticker);

    for (int i = 1; i <= 5; i++) {
        int64_t when = receive_time(ticks);

        CHECK(when > last && when >= begin + i * PERIOD_MS * MILLISECOND);
        last = when;
    }
    time_sleep(10 * PERIOD_MS * MILLISECOND);
    receive_time(ticks);
    last = now_ns();
    CHECK(receive_time(ticks) >= last - PERIOD_MS * MILLISECOND); /* not one of the ten */
    ticker_stop(ticker);
    CHECK(!chan_try_recv(ticks, NULL, NULL)); /* nothing stale, and not closed */
    time_sleep(2 * PERIOD_MS * MILLISECOND);
    CHECK(!chan_try_recv(ticks, NULL, NULL));
    ticker_stop(ticker);
    ticker_free(ticker);
}

static void no_period(void)
{
    ticker_new(0);
}

static void negative_period(void)
{
    ticker_new(-1);
}

/* --- 80: Go's time.AfterFunc is a deadline and context_after_func() here --- */

struct call {
    int tid, release;
};

static void run_until_released(void *arg)
{
    struct call *call = arg;

    flag_set(&call->tid, (int)syscall(SYS_gettid));
    flag_await(&call->release, 1);
}

static void a_function_at_a_time(void)
{
    static struct call call, never;
    int64_t begin = now_ns();
    struct context *soon = context_with_timeout(context_background(), 5 * MILLISECOND);
    struct context *late = context_with_timeout(context_background(), 3600 * SECOND);
    struct context_stop *runs = context_after_func(soon, run_until_released, &call);
    struct context_stop *prevented = context_after_func(late, run_until_released, &never);

    while (!flag_get(&call.tid))
        usleep(100);
    CHECK(now_ns() >= begin + 5 * MILLISECOND);
    CHECK(flag_get(&call.tid) != (int)syscall(SYS_gettid));
    CHECK(!context_stop(runs)); /* it runs: stop does not wait for it */
    CHECK(context_stop(prevented));
    flag_set(&call.release, 1);
    context_cancel(late);
    context_free(late);
    context_free(soon);
    while (go_count() > 1)
        usleep(100);
    CHECK_INT(flag_get(&never.tid), 0);
}

static const struct test tests[] = {
    {"78", "a timer gives one value, not too early", one_value_later, RETURNS, NULL},
    {"78", "nor for who looks all the time", not_too_early_for_a_try, RETURNS, NULL},
    {"78", "no duration is over at once", at_once, RETURNS, NULL},
    {"78", "stop prevents it, reset starts it again", stop_prevents_it, RETURNS, NULL},
    {"78", "no stale value after stop and reset", nothing_stale, RETURNS, NULL},
    {"78", "reset reaches those who wait", reset_reaches_those_who_wait, RETURNS, NULL},
    {"78", "the earliest of several", the_earliest_wins, RETURNS, NULL},
    {"78", "a sleep is long enough", sleep_is_long_enough, RETURNS, NULL},
    {"79", "ticks come, and are dropped", ticks_come_and_are_dropped, RETURNS, NULL},
    {"79", "a ticker without a period", no_period, PANICS, "non-positive interval for NewTicker"},
    {"79", "or with a negative one", negative_period, PANICS,
     "non-positive interval for NewTicker"},
    {"80", "a function at a time, on its own", a_function_at_a_time, RETURNS, NULL},
};

const struct section timers = SECTION(tests);
