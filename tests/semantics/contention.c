/* SPDX-License-Identifier: MIT */
/*
 * Points 8, 31, 32, 36 and 39 once more: many goroutines in selects on the same channels. What goes
 * wrong here is a value too many or too few, or nobody goes on.
 */
#include "semantics.h"

CHAN_TYPE(int_chan, int);

/* --- 31 --- */

struct partner {
    int_chan c;
    int own; /* the value it sends */
    int count;
    struct task task;
};

/* Sends or receives, whichever comes; the order of the cases changes. */
static void send_or_receive(void *arg)
{
    struct partner *self = arg;

    for (int i = 0; i < self->count; i++) {
        int value = -1, taken;

        if (i % 2 || self->own == 0)
            taken = chan_select(SEND(self->c, self->own), RECV(self->c, &value));
        else
            taken = !chan_select(RECV(self->c, &value), SEND(self->c, self->own));
        CHECK(taken == 0 || chan_cap(self->c) > 0 || value == !self->own);
    }
}

static void two_on_both_sides(void)
{
    for (int capacity = 0; capacity < 4; capacity++) {
        int_chan c = chan_make(int_chan, capacity);
        struct partner partners[2];

        for (int i = 0; i < 2; i++) {
            partners[i] = (struct partner){.c = c, .own = i, .count = rounds(2000)};
            task_start(&partners[i].task, send_or_receive, &partners[i]);
        }
        task_join(&partners[0].task);
        task_join(&partners[1].task);
        chan_free(c);
    }
}

/* --- 32 --- */

enum { LANES = 4, SELECTORS = 2 };

struct lanes {
    int_chan lane[LANES], merged;
    int from, to;
    struct task task;
};

/* Each number goes out on one lane. */
static void send_on_any_lane(void *arg)
{
    struct lanes *self = arg;

    for (int i = self->from; i < self->to; i++)
        CHECK(chan_select(SEND(self->lane[0], i), SEND(self->lane[1], i), SEND(self->lane[2], i),
                          SEND(self->lane[3], i)) >= 0);
}

struct forwarder {
    int_chan in, out;
    struct task task;
};

static void forward(void *arg)
{
    struct forwarder *self = arg;

    for (int value; chan_recv(self->in, &value);)
        chan_send(self->out, value);
}

static void check_each_once(int_chan merged, int count)
{
    unsigned char *seen = calloc((size_t)count, 1);

    for (int i = 0, value = -1; i < count; i++) {
        CHECK(chan_recv(merged, &value) && value >= 0 && value < count);
        CHECK(seen[value]++ == 0);
    }
    free(seen);
}

static void exactly_one_case_happens(void)
{
    struct lanes common = {.merged = chan_make(int_chan, 0)}, selectors[SELECTORS];
    struct forwarder forwarders[LANES];
    int count = rounds(10000);

    for (int i = 0; i < LANES; i++) {
        common.lane[i] = chan_make(int_chan, 0);
        forwarders[i] = (struct forwarder){.in = common.lane[i], .out = common.merged};
        task_start(&forwarders[i].task, forward, &forwarders[i]);
    }
    for (int i = 0; i < SELECTORS; i++) {
        selectors[i] = common;
        selectors[i].from = i * count;
        selectors[i].to = (i + 1) * count;
        task_start(&selectors[i].task, send_on_any_lane, &selectors[i]);
    }
    check_each_once(common.merged, SELECTORS * count);
    for (int i = 0; i < SELECTORS; i++)
        task_join(&selectors[i].task);
    CHECK(!chan_try_recv(common.merged, NULL, NULL));
    for (int i = 0; i < LANES; i++) {
        chan_close(common.lane[i]);
        task_join(&forwarders[i].task);
        chan_free(common.lane[i]);
    }
    chan_free(common.merged);
}

/* --- 36: plain senders and receivers, and selects that switch off what they are done with --- */

struct stress {
    const int_chan *c; /* LANES of them */
    int lane, count;
    struct task task;
};

static void send_plainly(void *arg)
{
    struct stress *self = arg;

    for (int i = 0; i < self->count; i++)
        chan_send(self->c[self->lane], i);
}

static void receive_plainly(void *arg)
{
    struct stress *self = arg;

    for (int i = 0; i < self->count; i++)
        CHECK(chan_recv(self->c[self->lane], NULL));
}

/* `count` times on each lane. */
static void select_until_all_are_done(const struct stress *self, enum chan_direction direction)
{
    struct chan_case cases[LANES];
    int left[LANES], value = 0;

    for (int i = 0; i < LANES; i++) {
        cases[i] = (struct chan_case){direction, self->c[i].chan, &value, NULL};
        left[i] = self->count;
    }
    for (int i = 0; i < LANES * self->count; i++) {
        int taken = chan_select_cases(cases, LANES);

        if (--left[taken] == 0)
            cases[taken].chan = NULL;
        CHECK(left[taken] >= 0);
    }
}

static void select_sends(void *arg)
{
    select_until_all_are_done(arg, CHAN_SEND);
}

static void select_receives(void *arg)
{
    select_until_all_are_done(arg, CHAN_RECEIVE);
}

static void all_at_once(void)
{
    int_chan c[LANES] = {chan_make(int_chan, 0), chan_make(int_chan, 0), chan_make(int_chan, 2),
                         chan_make(int_chan, 3)};
    struct stress all[2 * LANES + 2];
    int n = 0;

    for (int i = 0; i < 2 * LANES + 2; i++)
        all[i] = (struct stress){.c = c, .lane = i % LANES, .count = rounds(2000)};
    for (; n < LANES; n++)
        task_start(&all[n].task, send_plainly, &all[n]);
    for (; n < 2 * LANES; n++)
        task_start(&all[n].task, receive_plainly, &all[n]);
    task_start(&all[n].task, select_sends, &all[n]);
    task_start(&all[n + 1].task, select_receives, &all[n + 1]);
    for (int i = 0; i < 2 * LANES + 2; i++)
        task_join(&all[i].task);
    for (int i = 0; i < LANES; i++) {
        CHECK_INT((int)chan_len(c[i]), 0);
        chan_free(c[i]);
    }
}

/* --- 39 --- */

struct locker {
    struct chan_case cases[4];
    int count;
    struct task task;
};

static void select_again_and_again(void *arg)
{
    struct locker *self = arg;

    for (int i = 0; i < self->count; i++)
        chan_select_cases(self->cases, 4);
}

/* Two channels, locked by two selects in opposite orders, each twice. */
static void no_select_locks_another_out(void)
{
    int_chan a = chan_make(int_chan, 1), b = chan_make(int_chan, 1);
    struct locker all[4];
    int value;

    for (int i = 0; i < 4; i++) {
        int_chan first = i % 2 ? a : b, second = i % 2 ? b : a;

        all[i] = (struct locker){.count = rounds(100000)};
        all[i].cases[0] = RECV(first, &value);
        all[i].cases[1] = RECV(second, &value);
        all[i].cases[2] = RECV(first, NULL);
        all[i].cases[3] = DEFAULT;
    }
    for (int i = 0; i < 4; i++)
        task_start(&all[i].task, select_again_and_again, &all[i]);
    for (int i = 0; i < 4; i++)
        task_join(&all[i].task);
    chan_free(a);
    chan_free(b);
}

/* The same while they sleep and wake each other. */
static void no_select_locks_another_out_asleep(void)
{
    int_chan a = chan_make(int_chan, 0), b = chan_make(int_chan, 0);
    struct locker all[4];
    int values[4] = {0};

    for (int i = 0; i < 4; i++) {
        int_chan first = i % 2 ? a : b, second = i % 2 ? b : a;
        struct chan *chans[2] = {first.chan, second.chan};

        all[i] = (struct locker){.count = rounds(20000)};
        for (int k = 0; k < 4; k++)
            all[i].cases[k] = (struct chan_case){i < 2 ? CHAN_SEND : CHAN_RECEIVE, chans[k % 2],
                                                 &values[i], NULL};
    }
    for (int i = 0; i < 4; i++)
        task_start(&all[i].task, select_again_and_again, &all[i]);
    for (int i = 0; i < 4; i++)
        task_join(&all[i].task);
    chan_free(a);
    chan_free(b);
}

/* --- 8: workers in a chain of channels of their own --- */

enum { WORKERS = 8 };

static void square_some(void *arg)
{
    struct forwarder *self = arg;

    for (int value; chan_recv(self->in, &value);)
        chan_send(self->out, value * value % 1009);
}

static void send_numbers(void *arg)
{
    struct partner *self = arg;

    for (int i = 0; i < self->count; i++)
        chan_send(self->c, i);
    chan_close(self->c);
}

static void many_consumers(void)
{
    int_chan in = chan_make(int_chan, 0), out = chan_make(int_chan, 0);
    struct partner source = {.c = in, .count = rounds(20000)};
    struct forwarder workers[WORKERS];
    long sum = 0, expected = 0;

    for (int i = 0; i < WORKERS; i++) {
        workers[i] = (struct forwarder){.in = in, .out = out};
        task_start(&workers[i].task, square_some, &workers[i]);
    }
    task_start(&source.task, send_numbers, &source);
    for (int i = 0, value; i < source.count; i++) {
        CHECK(chan_recv(out, &value));
        sum += value;
        expected += (int)((unsigned)i * (unsigned)i) % 1009;
    }
    CHECK_INT(sum, expected);
    for (int i = 0; i < WORKERS; i++)
        task_join(&workers[i].task);
    chan_free(in);
    chan_free(out);
}

static const struct test tests[] = {
    {"8", "eight workers on one pair of channels", many_consumers, RETURNS, NULL},
    {"31", "two on both sides of a channel serve each other", two_on_both_sides, RETURNS, NULL},
    {"32", "exactly one case of each select happens", exactly_one_case_happens, RETURNS, NULL},
    {"36", "selects and plain operations on the same channels", all_at_once, RETURNS, NULL},
    {"39", "selects in opposite orders", no_select_locks_another_out, RETURNS, NULL},
    {"39", "the same while they sleep", no_select_locks_another_out_asleep, RETURNS, NULL},
};

const struct section contention = SECTION(tests);
