/* SPDX-License-Identifier: MIT */
/*
 * Points 23 and 57, and what the Go memory model says of channels: what was done before an
 * operation is seen after its counterpart. Under ThreadSanitizer each ordered program here must be
 * silent, and each program that only looks ordered must be reported.
 *
 * The racy ones arrange their turns with relaxed flags, which order nothing: so the report does not
 * depend on luck. The runtime's own locks order a little more than Go promises (two operations on
 * one channel are never at the same time), hence each race here is between accesses that come on
 * the unordered side of that.
 */
#include "semantics.h"

CHAN_TYPE(int_chan, int);

static int data, turn;
static int_chan c, back;
static struct waitgroup wg = WAITGROUP_INIT;
static struct context *ctx;

/* --- ordered --- */

static void write_and_send(void *unused)
{
    (void)unused;
    data = 1;
    chan_send(c, 1);
}

static void over_a_channel(int capacity)
{
    struct task task;

    for (int asleep = 0; asleep < 2; asleep++) {
        c = chan_make(int_chan, capacity);
        data = 0;
        (asleep && !capacity ? task_start_asleep : task_start)(&task, write_and_send, NULL);
        CHECK(chan_recv(c, NULL));
        CHECK_INT(data, 1);
        task_join(&task);
        chan_free(c);
    }
}

static void sent_before_received(void)
{
    over_a_channel(0);
    over_a_channel(1);
}

static void select_and_write(void *unused)
{
    (void)unused;
    CHECK_INT(chan_select(RECV(back, NULL), RECV(c, NULL)), 1);
    CHECK_INT(data++, 1);
    CHECK_INT(chan_select(SEND(back, 1)), 0);
}

static void through_selects(void)
{
    struct task task;

    for (int asleep = 0; asleep < 2; asleep++) {
        c = chan_make(int_chan, 0);
        back = chan_make(int_chan, 0);
        (asleep ? task_start_asleep : task_start)(&task, select_and_write, NULL);
        data = 1;
        chan_send(c, 1);
        CHECK(chan_recv(back, NULL));
        CHECK_INT(data, 2);
        task_join(&task);
        chan_free(c);
        chan_free(back);
    }
}

static void write_and_receive(void *unused)
{
    (void)unused;
    data = 1;
    CHECK(chan_recv(c, NULL));
}

/* Unbuffered: a receive comes before the end of the send. */
static void received_before_sent(void)
{
    struct task task;

    c = chan_make(int_chan, 0);
    task_start(&task, write_and_receive, NULL);
    chan_send(c, 1);
    CHECK_INT(data, 1);
    task_join(&task);
    chan_free(c);
}

static void write_and_close(void *unused)
{
    (void)unused;
    data = 1;
    chan_close(c);
}

static void before_close(void)
{
    struct task task;

    for (int select = 0; select < 2; select++) {
        c = chan_make(int_chan, select);
        data = 0;
        task_start(&task, write_and_close, NULL);
        CHECK(select ? chan_select(RECV(c, NULL)) == 0 : !chan_recv(c, NULL));
        CHECK_INT(data, 1);
        task_join(&task);
        chan_free(c);
    }
}

/* The k-th receive comes before the end of send k + capacity: a channel as a semaphore. */
static void add_in_turn(void *unused)
{
    (void)unused;
    for (int i = 0; i < 100; i++) {
        chan_send(c, 1);
        data++;
        CHECK(chan_recv(c, NULL));
    }
}

static void channel_as_a_lock(void)
{
    struct task tasks[3];

    c = chan_make(int_chan, 1);
    for (int i = 0; i < 3; i++)
        task_start(&tasks[i], add_in_turn, NULL);
    for (int i = 0; i < 3; i++)
        task_join(&tasks[i]);
    CHECK_INT(data, 300);
    chan_free(c);
}

static int parts[4];

static void write_part(void *part)
{
    ++*(int *)part;
}

static void write_part_and_done(void *part)
{
    ++*(int *)part;
    waitgroup_done(&wg);
}

static void done_before_wait(void)
{
    for (int round = 1; round <= rounds(200); round++) {
        waitgroup_add(&wg, 2);
        go(write_part_and_done, &parts[0]);
        go(write_part_and_done, &parts[1]);
        waitgroup_go(&wg, write_part, &parts[2]);
        waitgroup_go(&wg, write_part, &parts[3]);
        waitgroup_wait(&wg);
        for (int i = 0; i < 4; i++)
            CHECK_INT(parts[i], round);
    }
}

static void write_and_cancel(void *unused)
{
    (void)unused;
    data = 1;
    context_cancel(ctx);
}

static void before_cancel(void)
{
    struct context *middle, *child;
    struct task task;

    ctx = context_with_cancel(context_background());
    middle = context_with_value(ctx, &data, &data);
    child = context_with_cancel(middle);
    task_start(&task, write_and_cancel, NULL);
    CHECK(!chan_recv(context_done(child), NULL));
    CHECK_INT(data, 1);
    task_join(&task);
    context_free(child);
    context_free(middle);
    context_free(ctx);
}

/* Who sees the error sees what came before it. */
static void before_error(void)
{
    struct task task;

    ctx = context_with_cancel(context_background());
    task_start(&task, write_and_cancel, NULL);
    while (context_err(ctx) == CONTEXT_OK)
        ;
    CHECK_INT(data, 1);
    task_join(&task);
    context_free(ctx);
}

static void write_and_finish(void *unused)
{
    (void)unused;
    CHECK_INT(data++, 1);
    waitgroup_done(&wg);
}

static void before_after_func(void)
{
    struct context_stop *stop;

    ctx = context_with_cancel(context_background());
    stop = context_after_func(ctx, write_and_finish, NULL);
    waitgroup_add(&wg, 1);
    data = 1;
    context_cancel(ctx);
    waitgroup_wait(&wg);
    CHECK_INT(data, 2);
    CHECK(!context_stop(stop));
    context_free(ctx);
}

/* --- racy: each of these is a mistake --- */

static void read_what_is_late(void *unused)
{
    (void)unused;
    CHECK(chan_recv(c, NULL));
    flag_set(&turn, data >= 0);
}

static void write_after_send(void)
{
    struct task task;

    c = chan_make(int_chan, 0);
    task_start(&task, read_what_is_late, NULL);
    chan_send(c, 1);
    data = 1;
    flag_await(&turn, 1);
}

static void write_when_told(void *unused)
{
    (void)unused;
    flag_await(&turn, 1);
    data = 1;
    chan_send(c, 1);
}

static void read_before_receive(void)
{
    struct task task;

    c = chan_make(int_chan, 0);
    task_start(&task, write_when_told, NULL);
    flag_set(&turn, data >= 0);
    CHECK(chan_recv(c, NULL));
}

/* Two are in at the same time, and write one after the other: ThreadSanitizer can overlook two
 * accesses at the very same moment. */
static void write_beside_another(void)
{
    int first = __atomic_fetch_add(&turn, 1, __ATOMIC_RELAXED) == 0;

    flag_await(&turn, first ? 2 : 3);
    data++;
    if (first)
        flag_set(&turn, 3);
}

/* Each has its job, but there is one result. */
static void take_a_job(void *unused)
{
    (void)unused;
    CHECK(chan_recv(c, NULL));
    write_beside_another();
}

static void two_workers_one_variable(void)
{
    struct task workers[2];

    c = chan_make(int_chan, 2);
    for (int i = 0; i < 2; i++)
        task_start(&workers[i], take_a_job, NULL);
    chan_send(c, 1);
    chan_send(c, 2);
    for (int i = 0; i < 2; i++)
        task_join(&workers[i]);
}

static void write_and_receive_when_told(void *unused)
{
    (void)unused;
    flag_await(&turn, 1);
    data = 1;
    CHECK(chan_recv(c, NULL));
}

/* With a buffer the send does not wait for the receive. */
static void buffered_as_if_unbuffered(void)
{
    struct task task;

    c = chan_make(int_chan, 1);
    task_start(&task, write_and_receive_when_told, NULL);
    chan_send(c, 1);
    flag_set(&turn, data >= 0);
    task_join(&task);
}

/* A lock with room for two lets two in. */
static void enter_with_another(void *unused)
{
    (void)unused;
    chan_send(c, 1);
    write_beside_another();
    CHECK(chan_recv(c, NULL));
}

static void semaphore_for_two_as_a_lock(void)
{
    struct task tasks[2];

    c = chan_make(int_chan, 2);
    for (int i = 0; i < 2; i++)
        task_start(&tasks[i], enter_with_another, NULL);
    for (int i = 0; i < 2; i++)
        task_join(&tasks[i]);
}

static void read_when_closed(void *unused)
{
    (void)unused;
    CHECK(!chan_recv(c, NULL));
    flag_set(&turn, data >= 0);
}

static void write_after_close(void)
{
    struct task task;

    c = chan_make(int_chan, 0);
    task_start(&task, read_when_closed, NULL);
    chan_close(c);
    data = 1;
    flag_await(&turn, 1);
}

static void done_and_write(void *unused)
{
    (void)unused;
    waitgroup_done(&wg);
    flag_await(&turn, 1);
    data = 1;
}

static void write_after_done(void)
{
    struct task task;

    waitgroup_add(&wg, 1);
    task_start(&task, done_and_write, NULL);
    waitgroup_wait(&wg);
    flag_set(&turn, data >= 0);
    task_join(&task);
}

static const struct test tests[] = {
    {"mm", "what is sent: before the receive", sent_before_received, RETURNS, NULL},
    {"mm", "the same with selects", through_selects, RETURNS, NULL},
    {"mm", "unbuffered: the receive before the end of the send", received_before_sent, RETURNS,
     NULL},
    {"23", "what comes before close", before_close, RETURNS, NULL},
    {"mm", "a channel of capacity 1 is a lock", channel_as_a_lock, RETURNS, NULL},
    {"57", "done before the end of wait", done_before_wait, RETURNS, NULL},
    {"mm", "what comes before cancel: seen by done", before_cancel, RETURNS, NULL},
    {"mm", "what comes before cancel: seen by err", before_error, RETURNS, NULL},
    {"mm", "what comes before cancel: seen by after_func", before_after_func, RETURNS, NULL},
    {"mm", "race: written after the send", write_after_send, RACES, NULL},
    {"mm", "race: read before the receive", read_before_receive, RACES, NULL},
    {"mm", "race: two workers, one variable", two_workers_one_variable, RACES, NULL},
    {"mm", "race: buffered as if unbuffered", buffered_as_if_unbuffered, RACES, NULL},
    {"mm", "race: a semaphore for two as a lock", semaphore_for_two_as_a_lock, RACES, NULL},
    {"mm", "race: written after close", write_after_close, RACES, NULL},
    {"mm", "race: written after done", write_after_done, RACES, NULL},
};

const struct section memory_model = SECTION(tests);
