/* SPDX-License-Identifier: MIT */
/*
 * Points 27 to 29, 31, 32, 36, 37 and 39: what holds of a select only on average, or only under
 * contention. The pairs of goroutines here never synchronise but through the channels under test.
 */
#include "semantics.h"

#include <malloc.h>
#include <sched.h>

CHAN_TYPE(int_chan, int);

/* --- 27: a token is always in one of two channels, or in the hands of who looks --- */

struct juggler {
    int_chan a, b;
    int stop;
};

static void juggle(void *arg)
{
    struct juggler *self = arg;

    while (!flag_get(&self->stop)) {
        chan_send(self->b, 1);
        CHECK(chan_recv(self->a, NULL));
        chan_send(self->a, 1);
        CHECK(chan_recv(self->b, NULL));
    }
}

/* Often, and for a while: on a busy machine two threads seldom run at the same time. */
static bool goes_on(int round, int64_t begin)
{
    return round < rounds(200000) || now_ns() < begin + 300 * MILLISECOND;
}

static void default_looks_at_one_moment(void)
{
    int64_t begin = now_ns();
    struct juggler juggler = {.a = chan_make(int_chan, 2), .b = chan_make(int_chan, 2)};
    struct task task;

    chan_send(juggler.a, 1);
    task_start(&task, juggle, &juggler);
    for (int i = 0; goes_on(i, begin); i++) {
        int seen = chan_select(RECV(juggler.a, NULL), RECV(juggler.b, NULL), DEFAULT);

        CHECK(seen >= 0);
        chan_send(seen ? juggler.b : juggler.a, 1);
    }
    flag_set(&juggler.stop, 1);
    task_join(&task);
    chan_free(juggler.a);
    chan_free(juggler.b);
}

/* The same for room: one of two channels always has some. */
static void juggle_room(void *arg)
{
    struct juggler *self = arg;

    while (!flag_get(&self->stop)) {
        CHECK(chan_recv(self->b, NULL));
        chan_send(self->a, 1);
        CHECK(chan_recv(self->a, NULL));
        chan_send(self->b, 1);
    }
}

static void default_looks_at_one_moment_for_room(void)
{
    int64_t begin = now_ns();
    struct juggler juggler = {.a = chan_make(int_chan, 2), .b = chan_make(int_chan, 2)};
    struct task task;

    chan_send(juggler.a, 1);
    chan_send(juggler.b, 1);
    chan_send(juggler.b, 1);
    task_start(&task, juggle_room, &juggler);
    for (int i = 0; goes_on(i, begin); i++) {
        int seen = chan_select(SEND(juggler.a, 1), SEND(juggler.b, 1), DEFAULT);

        CHECK(seen >= 0);
        CHECK(chan_recv(seen ? juggler.b : juggler.a, NULL));
    }
    flag_set(&juggler.stop, 1);
    task_join(&task);
    chan_free(juggler.a);
    chan_free(juggler.b);
}

/* --- 27 and 28: close at the same time as somebody tries --- */

struct closing {
    int_chan a, b;
    int round, done;
    int count;
};

/* Unlike flag_await(): what was done before is seen. */
static void await(const int *flag, int value)
{
    for (int i = 0; __atomic_load_n(flag, __ATOMIC_ACQUIRE) != value; i++)
        if (i > 1000)
            sched_yield();
}

/* Each round: a has a value; the partner closes b, then takes the value. */
static void close_b_then_take_a(void *arg)
{
    struct closing *self = arg;

    for (int i = 1; i <= self->count; i++) {
        await(&self->round, i);
        chan_close(self->b);
        chan_try_recv(self->a, NULL, NULL);
        __atomic_store_n(&self->done, i, __ATOMIC_RELEASE);
    }
}

/* Each round: a has a value; the partner closes a. */
static void close_a(void *arg)
{
    struct closing *self = arg;

    for (int i = 1; i <= self->count; i++) {
        await(&self->round, i);
        chan_close(self->a);
        __atomic_store_n(&self->done, i, __ATOMIC_RELEASE);
    }
}

static void race_with_close(void (*partner)(void *), bool two)
{
    struct closing closing = {.count = rounds(5000)};
    struct task task;

    task_start(&task, partner, &closing);
    for (int i = 1; i <= closing.count; i++) {
        closing.a = chan_make(int_chan, 1);
        closing.b = two ? chan_make(int_chan, 0) : (int_chan){NULL};
        chan_send(closing.a, 1);
        __atomic_store_n(&closing.round, i, __ATOMIC_RELEASE);
        for (int spin = i % 64 * 4; spin > 0; spin--) /* meet the partner at various places */
            __atomic_signal_fence(__ATOMIC_SEQ_CST);
        CHECK(chan_select(RECV(closing.a, NULL), RECV(closing.b, NULL), DEFAULT) >= 0);
        await(&closing.done, i);
        chan_free(closing.a);
        chan_free(closing.b);
    }
    task_join(&task);
}

static void default_never_misses_a_close(void)
{
    race_with_close(close_b_then_take_a, true);
}

static void a_try_wins_against_close(void)
{
    race_with_close(close_a, false);
}

/* --- 29 --- */

enum { TRIALS = 10000, MOST = 40 };

/* Each of k choices was made by chance: within 4.89 standard deviations (six nines) of n/k. */
static void check_uniform(const int *counts, int k, int n)
{
    for (int i = 0; i < k; i++) {
        double p = 1.0 / k, off = (double)counts[i] / n - p;

        CHECK(off * off <= 4.891676 * 4.891676 * p * (1 - p) / n);
    }
}

/* k cases are ready, and as many are not; they alternate. */
static void choose_among(int k, bool send)
{
    int_chan ready[MOST], never = chan_make(int_chan, 0);
    struct chan_case cases[2 * MOST];
    int counts[MOST] = {0}, value;

    for (int i = 0; i < k; i++) {
        ready[i] = chan_make(int_chan, 1);
        if (!send)
            chan_close(ready[i]);
        cases[2 * i] = RECV(never, NULL);
        cases[2 * i + 1] = send ? (struct chan_case)SEND(ready[i], 1) : RECV(ready[i], &value);
    }
    for (int n = 0; n < TRIALS; n++) {
        int taken = chan_select_cases(cases, 2 * (size_t)k);

        CHECK(taken % 2 == 1);
        counts[taken / 2]++;
        if (send)
            CHECK(chan_recv(ready[taken / 2], NULL));
    }
    check_uniform(counts, k, TRIALS);
    for (int i = 0; i < k; i++)
        chan_free(ready[i]);
    chan_free(never);
}

static void uniform_choice(void)
{
    static const int ks[] = {2, 3, 4, 7, 20, MOST};

    for (size_t i = 0; i < sizeof ks / sizeof ks[0]; i++) {
        choose_among(ks[i], false);
        choose_among(ks[i], true);
    }
}

/* Two full channels are emptied by one select, which must not prefer either. */
static void uniform_draining(void)
{
    int_chan a = chan_make(int_chan, TRIALS), b = chan_make(int_chan, TRIALS);
    int counts[2] = {0};

    for (int i = 0; i < TRIALS; i++) {
        chan_send(a, i);
        chan_send(b, i);
    }
    for (int i = 0; i < TRIALS; i++)
        counts[chan_select(RECV(a, NULL), RECV(b, NULL), DEFAULT)]++;
    check_uniform(counts, 2, TRIALS);
    chan_free(a);
    chan_free(b);
}

struct first_choice {
    int_chan a, b;
    int taken;
};

static void choose_first(void *arg)
{
    struct first_choice *self = arg;

    self->taken = chan_select(RECV(self->a, NULL), RECV(self->b, NULL));
}

/* A goroutine that chooses only once is no exception: its dice are not loaded. */
static void uniform_first_choice(void)
{
    struct first_choice first = {.a = chan_make(int_chan, 0), .b = chan_make(int_chan, 0)};
    int counts[2] = {0}, n = rounds(2000);
    struct task task;

    chan_close(first.a);
    chan_close(first.b);
    for (int i = 0; i < n; i++) {
        task_start(&task, choose_first, &first);
        task_join(&task);
        counts[first.taken]++;
    }
    check_uniform(counts, 2, n);
    chan_free(first.a);
    chan_free(first.b);
}

/* --- 37 --- */

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
size_t __sanitizer_get_current_allocated_bytes(void);
#define HEAP() __sanitizer_get_current_allocated_bytes()
#endif
#endif
#ifndef HEAP
#define HEAP() (mallinfo2().uordblks + mallinfo2().hblkhd)
#endif

enum { GROWTH = 110 * 1000, WARM_UP = 100, SELECTS = 100000 };

struct pair {
    int_chan c, never;
    int count;
};

static void select_sends(void *arg)
{
    struct pair *self = arg;

    for (int i = 0; i < self->count; i++)
        CHECK_INT(chan_select(SEND(self->c, i), RECV(self->never, NULL)), 0);
}

static void select_receives(struct pair *pair, int count)
{
    struct task task;

    pair->count = count;
    task_start(&task, select_sends, pair);
    for (int i = 0, value; i < count; i++)
        CHECK(chan_select(RECV(pair->never, NULL), RECV(pair->c, &value)) == 1 && value == i);
    task_join(&task);
}

/* More cases than fit on the stack. */
static void select_many(struct pair *pair, int count)
{
    struct chan_case cases[50];

    for (int i = 0; i < 50; i++)
        cases[i] = RECV(pair->never, NULL);
    cases[49] = DEFAULT;
    for (int i = 0; i < count; i++)
        CHECK_INT(chan_select_cases(cases, 50), -1);
}

/* Pages in memory that are not shared with a file. */
static long resident_bytes(void)
{
    long pages = 0, shared = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    CHECK(file && fscanf(file, "%*d %ld %ld", &pages, &shared) == 2);
    fclose(file);
    return (pages - shared) * 4096;
}

static void selects_leave_no_memory(void)
{
    struct pair pair = {chan_make(int_chan, 0), chan_make(int_chan, 0), 0};
    size_t heap;
    long resident;

    select_receives(&pair, WARM_UP);
    select_many(&pair, WARM_UP);
    heap = HEAP();
    resident = resident_bytes();
    select_receives(&pair, rounds(SELECTS));
    select_many(&pair, rounds(SELECTS));
    CHECK(HEAP() < heap + GROWTH);
    CHECK(rounds(10) < 10 || resident_bytes() < resident + 10 * GROWTH); /* with a new stack */
    chan_free(pair.c);
    chan_free(pair.never);
}

static const struct test tests[] = {
    {"27", "DEFAULT looks at all channels at one moment", default_looks_at_one_moment, RETURNS,
     NULL},
    {"27", "also for room", default_looks_at_one_moment_for_room, RETURNS, NULL},
    {"27", "also while a channel is being closed", default_never_misses_a_close, RETURNS, NULL},
    {"28", "a try finds the value or the close", a_try_wins_against_close, RETURNS, NULL},
    {"29", "the choice is uniform", uniform_choice, RETURNS, NULL},
    {"29", "while two channels are drained", uniform_draining, RETURNS, NULL},
    {"29", "also the first choice of a goroutine", uniform_first_choice, RETURNS, NULL},
    {"37", "100,000 selects leave no memory behind", selects_leave_no_memory, RETURNS, NULL},
};

const struct section select_load = SECTION(tests);
