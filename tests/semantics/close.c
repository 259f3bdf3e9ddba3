/* SPDX-License-Identifier: MIT */
/*
 * Points 15 to 22: what close does to those who come later, and to those who wait.
 */
#include "semantics.h"

#include <signal.h>
#include <unistd.h>

CHAN_TYPE(int_chan, int);

/* --- 15, 16 --- */

static void drains_and_then_gives_zeros(void)
{
    for (int capacity = 0; capacity <= 4; capacity++) {
        int_chan c = chan_make(int_chan, capacity);

        for (int i = 0; i < capacity; i++)
            chan_send(c, i + 1);
        chan_close(c);
        for (int i = 0, value = -1; i < capacity + 100; i++, value = -1) {
            CHECK(chan_recv(c, &value) == (i < capacity));
            CHECK_INT(value, i < capacity ? i + 1 : 0);
        }
        chan_free(c);
    }
}

struct wide {
    char text[40];
    double numbers[5];
};

CHAN_TYPE(wide_chan, struct wide);

static void zeros_of_every_size(void)
{
    static const struct wide zeros;
    wide_chan c = chan_make(wide_chan, 1);
    struct wide value;
    bool ok = true;

    chan_send(c, {.text = "old"});
    CHECK(chan_recv(c, &value));
    chan_close(c);
    memset(&value, 0xff, sizeof value);
    CHECK(!chan_recv(c, &value) && memcmp(&value, &zeros, sizeof value) == 0);
    memset(&value, 0xff, sizeof value);
    CHECK(chan_try_recv(c, &value, &ok) && !ok && memcmp(&value, &zeros, sizeof value) == 0);
    memset(&value, 0xff, sizeof value);
    CHECK(chan_select(RECV(c, &value)) == 0 && memcmp(&value, &zeros, sizeof value) == 0);
    CHECK(!chan_recv(c, NULL));
    chan_free(c);
}

/* Every way to receive says the same. */
static void not_ok_only_when_drained(void)
{
    int_chan c = chan_make(int_chan, 6);
    bool ok;

    for (int i = 0; i < 6; i++)
        chan_send(c, 0);
    for (int closed = 0; closed < 2; closed++) {
        if (closed)
            chan_close(c);
        CHECK(chan_recv(c, NULL));
        ok = false;
        CHECK(chan_try_recv(c, NULL, &ok) && ok);
        ok = false;
        CHECK(chan_select(RECV_OK(c, NULL, &ok), DEFAULT) == 0 && ok);
    }
    CHECK(!chan_recv(c, NULL));
    CHECK(chan_try_recv(c, NULL, &ok) && !ok);
    ok = true;
    CHECK(chan_select(RECV_OK(c, NULL, &ok), DEFAULT) == 0 && !ok);
    CHECK(chan_try_recv(c, NULL, NULL));
    chan_free(c);
}

/* --- 17 --- */

enum { WAITERS = 6 };

struct receiver {
    int_chan c;
    bool selects, ok;
    int value;
    struct task task;
};

static void wait_for_close(void *arg)
{
    struct receiver *self = arg;

    if (self->selects)
        chan_select(RECV_OK(self->c, &self->value, &self->ok));
    else
        self->ok = chan_recv(self->c, &self->value);
}

static void close_wakes_all_receivers(void)
{
    for (int capacity = 0; capacity <= 1; capacity++) {
        int_chan c = chan_make(int_chan, capacity);
        static struct receiver all[WAITERS];

        for (int i = 0; i < WAITERS; i++) {
            all[i] = (struct receiver){.c = c, .selects = i % 2, .ok = true, .value = -1};
            task_start_asleep(&all[i].task, wait_for_close, &all[i]);
        }
        chan_close(c);
        for (int i = 0; i < WAITERS; i++) {
            task_join(&all[i].task);
            CHECK(!all[i].ok && all[i].value == 0);
        }
        chan_free(c);
    }
}

/* --- 18 --- */

static int panics;

/* Holds each panic at its abort() until all are there. */
static void count_panic(int signal)
{
    (void)signal;
    if (__atomic_add_fetch(&panics, 1, __ATOMIC_RELAXED) == WAITERS)
        _exit(0);
    for (;;)
        pause();
}

static void send_or_select(void *arg)
{
    struct receiver *self = arg;

    if (self->selects)
        chan_select(SEND(self->c, 1));
    else
        chan_send(self->c, 1);
    CHECK(!"a send on a closed channel returned");
}

/* abort() is the end of a panic, so nobody can say afterwards that all have panicked: count. */
static void panic_all_senders(int capacity)
{
    int_chan c = chan_make(int_chan, capacity);
    static struct receiver all[WAITERS];

    for (int i = 0; i < capacity; i++)
        chan_send(c, 1);
    for (int i = 0; i < WAITERS; i++) {
        all[i] = (struct receiver){.c = c, .selects = i % 2};
        task_start_asleep(&all[i].task, send_or_select, &all[i]);
    }
    signal(SIGABRT, count_panic);
    dup2(STDOUT_FILENO, STDERR_FILENO); /* the texts are looked at below */
    chan_close(c);
    for (;;)
        pause();
}

static void close_wakes_all_senders(void)
{
    panic_all_senders(0);
}

static void close_wakes_all_senders_of_a_full_channel(void)
{
    panic_all_senders(2);
}

static void send_from_goroutine(void *arg)
{
    int_chan *c = arg;

    chan_send(*c, 1);
}

static void waiting_sender(void)
{
    int_chan c = chan_make(int_chan, 0);
    struct task task;

    task_start_asleep(&task, send_from_goroutine, &c);
    chan_close(c);
    task_join(&task);
}

/* --- 19 to 21 --- */

static int_chan closed(int capacity)
{
    int_chan c = chan_make(int_chan, capacity);

    chan_close(c);
    return c;
}

static void send_unbuffered(void)
{
    chan_send(closed(0), 1);
}

static void send_with_room(void)
{
    chan_send(closed(1), 1);
}

static void send_full(void)
{
    int_chan c = chan_make(int_chan, 1);

    chan_send(c, 1);
    chan_close(c);
    chan_send(c, 2);
}

static void try_send(void)
{
    chan_try_send(closed(0), 1);
}

static void close_twice(void)
{
    chan_close(closed(0));
}

static void close_twice_undrained(void)
{
    int_chan c = chan_make(int_chan, 1);

    chan_send(c, 1);
    chan_close(c);
    chan_close(c.sender);
}

static void close_nil(void)
{
    chan_close((int_chan){NULL});
}

/* --- 22 --- */

struct loop {
    int_chan c;
    int sum;
    struct task task;
};

static void sum_up(void *arg)
{
    struct loop *self = arg;

    for (int value; chan_recv(self->c, &value);)
        __atomic_fetch_add(&self->sum, value, __ATOMIC_RELAXED);
}

static void loop_ends_after_the_last_value(void)
{
    for (int capacity = 0; capacity < 4; capacity += 3) {
        struct loop loop = {.c = chan_make(int_chan, capacity)};

        task_start(&loop.task, sum_up, &loop);
        for (int i = 1; i <= 100; i++)
            chan_send(loop.c, i);
        chan_close(loop.c);
        task_join(&loop.task);
        CHECK_INT(loop.sum, 5050);
        chan_free(loop.c);
    }
}

static void loop_without_close_blocks(void)
{
    static struct loop loop;

    loop.c = chan_make(int_chan, 0);
    task_start(&loop.task, sum_up, &loop);
    chan_send(loop.c, 1);
    task_await_asleep(&loop.task);
    task_check_blocked(&loop.task);
    CHECK_INT(flag_get(&loop.sum), 1);
}

static const struct test tests[] = {
    {"15", "a closed channel drains, then gives zeros for ever", drains_and_then_gives_zeros,
     RETURNS, NULL},
    {"15", "zeros of every size", zeros_of_every_size, RETURNS, NULL},
    {"16", "not ok means closed and drained", not_ok_only_when_drained, RETURNS, NULL},
    {"17", "close wakes all receivers, with zeros", close_wakes_all_receivers, RETURNS, NULL},
    {"18", "close wakes all senders, which panic", close_wakes_all_senders, LEAVES, NULL},
    {"18", "also those of a full channel", close_wakes_all_senders_of_a_full_channel, LEAVES, NULL},
    {"18", "in Go's words", waiting_sender, PANICS, "send on closed channel"},
    {"19", "send on a closed channel", send_unbuffered, PANICS, "send on closed channel"},
    {"19", "send on a closed channel with room", send_with_room, PANICS, "send on closed channel"},
    {"19", "send on a closed full channel", send_full, PANICS, "send on closed channel"},
    {"19", "a try is no excuse", try_send, PANICS, "send on closed channel"},
    {"20", "close twice", close_twice, PANICS, "close of closed channel"},
    {"20", "close twice, with a value left", close_twice_undrained, PANICS,
     "close of closed channel"},
    {"21", "close nil", close_nil, PANICS, "close of nil channel"},
    {"22", "a receive loop ends after the last value", loop_ends_after_the_last_value, RETURNS,
     NULL},
    {"22", "without close it blocks", loop_without_close_blocks, LEAVES, NULL},
};

const struct section chan_closing = SECTION(tests);
