/* SPDX-License-Identifier: MIT */
/*
 * Points 69 to 77: deadlines, values, causes, what is started by a context, and what it does not
 * start.
 */
#include "semantics.h"

#include <dirent.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct context *background(void)
{
    return context_background();
}

static bool is_done(struct context *ctx)
{
    return chan_try_recv(context_done(ctx), NULL, NULL);
}

static void end(struct context *ctx)
{
    context_cancel(ctx);
    context_free(ctx);
}

static int64_t deadline_of(struct context *ctx)
{
    int64_t when = -1;

    CHECK(context_deadline(ctx, NULL) && context_deadline(ctx, &when));
    return when;
}

/* --- 69 --- */

static void the_earlier_deadline_counts(void)
{
    int64_t early = now_ns() + 3600 * SECOND, late = early + SECOND;
    struct context *parent = context_with_deadline(background(), early);
    struct context *later = context_with_deadline(parent, late);
    struct context *plain = context_with_cancel(later);
    struct context *earlier = context_with_deadline(plain, early - 1);

    CHECK(deadline_of(parent) == early && deadline_of(later) == early);
    CHECK(deadline_of(plain) == early && deadline_of(earlier) == early - 1);
    CHECK(!is_done(earlier));
    end(earlier);
    end(plain);
    end(later);
    end(parent);
}

static void a_child_follows_its_parents_deadline(void)
{
    int64_t begin = now_ns();
    struct context *parent = context_with_timeout(background(), 20 * MILLISECOND);
    struct context *child = context_with_timeout(parent, 3600 * SECOND);
    struct context *shorter = context_with_timeout(parent, 5 * MILLISECOND);

    CHECK(!chan_recv(context_done(shorter), NULL));
    CHECK(now_ns() - begin >= 5 * MILLISECOND);
    CHECK_INT(context_err(shorter), CONTEXT_DEADLINE_EXCEEDED);
    CHECK(!chan_recv(context_done(child), NULL));
    CHECK(now_ns() - begin >= 20 * MILLISECOND);
    CHECK_INT(context_err(child), CONTEXT_DEADLINE_EXCEEDED);
    CHECK_INT(context_err(parent), CONTEXT_DEADLINE_EXCEEDED);
    end(shorter);
    end(child);
    end(parent);
}

/* --- 70 --- */

static void check_the_past(void)
{
    struct context *past[] = {
        context_with_timeout(background(), 0),
        context_with_timeout(background(), -1),
        context_with_timeout(background(), INT64_MIN),
        context_with_deadline(background(), now_ns() - 1),
        context_with_deadline(background(), 0),
        context_with_deadline(background(), INT64_MIN),
    };

    for (size_t i = 0; i < sizeof past / sizeof past[0]; i++) {
        CHECK(is_done(past[i]));
        CHECK_INT(context_err(past[i]), CONTEXT_DEADLINE_EXCEEDED);
        context_free(past[i]);
    }
}

/* Often: a clock that does it a moment later must be caught at that. */
static void the_past_is_now(void)
{
    for (int i = 0; i < 50; i++)
        check_the_past();
}

/* --- 71 --- */

static void cancel_comes_first(void)
{
    struct context *far = context_with_timeout(background(), INT64_MAX);
    struct context *soon = context_with_timeout(background(), 10 * MILLISECOND);

    context_cancel(soon);
    CHECK(!is_done(far));
    time_sleep(20 * MILLISECOND);
    CHECK_INT(context_err(soon), CONTEXT_CANCELED);
    end(far);
    context_free(soon);
}

/* Set and stopped at the very moment when they are due: one of both, and once. */
static void cancel_races_with_the_deadline(void)
{
    for (int i = 0; i < rounds(500); i++) {
        struct context *ctx = context_with_timeout(background(), i % 50 * MICROSECOND);
        enum context_error err;

        context_cancel(ctx);
        err = context_err(ctx);
        CHECK(is_done(ctx) && err != CONTEXT_OK);
        CHECK_INT(context_err(ctx), err);
        context_free(ctx);
    }
}

/* --- 72 --- */

static void the_nearest_value(void)
{
    static int a, b, other, one, two;
    struct context *layers[6];

    layers[0] = context_with_value(background(), &a, &one);
    layers[1] = context_with_cancel(layers[0]);
    layers[2] = context_with_value(layers[1], &b, &two);
    layers[3] = context_with_timeout(layers[2], 3600 * SECOND);
    layers[4] = context_with_value(layers[3], &a, &two);
    layers[5] = context_without_cancel(layers[4]);
    for (int cancelled = 0; cancelled < 2; cancelled++) {
        for (int i = 0; i < 6; i++) {
            CHECK(context_value(layers[i], &a) == (i < 4 ? &one : &two));
            CHECK(context_value(layers[i], &b) == (i < 2 ? NULL : &two));
            CHECK(!context_value(layers[i], &other));
        }
        context_cancel(layers[3]);
        context_cancel(layers[1]);
    }
    for (int i = 0; i < 6; i++)
        context_free(layers[i]);
}

/* --- 73 --- */

static void cancel_of_nil(void)
{
    context_with_cancel(NULL);
}

static void cancel_cause_of_nil(void)
{
    context_with_cancel_cause(NULL);
}

static void timeout_of_nil(void)
{
    context_with_timeout(NULL, SECOND);
}

static void deadline_of_nil(void)
{
    context_with_deadline(NULL, 0);
}

static void value_of_nil(void)
{
    static int key;

    context_with_value(NULL, &key, NULL);
}

static void without_cancel_of_nil(void)
{
    context_without_cancel(NULL);
}

static void nil_key(void)
{
    context_with_value(background(), NULL, NULL);
}

/* --- 74: the steps of a row, on a parent P and its child C --- */

static const struct cause_row {
    const char *steps; /* p, c: cancel with "p", "c"; P, C: without; t: C times out */
    const char *parent, *child;
} cause_rows[] = {
    {"", NULL, NULL},
    {"p", "p", "p"},
    {"P", "context canceled", "context canceled"},
    {"c", NULL, "c"},
    {"C", NULL, "context canceled"},
    {"pc", "p", "p"},
    {"cp", "p", "c"},
    {"cP", "context canceled", "c"},
    {"Pc", "context canceled", "context canceled"},
    {"Cp", "p", "context canceled"},
    {"t", NULL, "context deadline exceeded"},
    {"tc", NULL, "context deadline exceeded"},
    {"tp", "p", "context deadline exceeded"},
    {"pt", "p", "p"},
};

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void check_cause(const struct cause_row *row)
{
    bool times_out = strchr(row->steps, 't');
    struct context *parent = context_with_cancel_cause(background()), *child;
    char cause[2] = "";

    child = times_out ? context_with_timeout(parent, 10 * MILLISECOND)
                      : context_with_cancel_cause(parent);
    for (const char *step = row->steps; *step; step++) {
        struct context *ctx = strchr("pP", *step) ? parent : child;

        cause[0] = *step; /* the cause is copied: this is overwritten */
        if (*step == 't')
            CHECK(!chan_recv(context_done(child), NULL));
        else
            context_cancel_cause(ctx, strchr("pc", *step) ? cause : NULL);
    }
    cause[0] = 'x';
    CHECK(same_text(context_cause(parent), row->parent));
    CHECK(same_text(context_cause(child), row->child));
    end(child);
    end(parent);
}

static void the_first_cause_wins(void)
{
    for (size_t i = 0; i < sizeof cause_rows / sizeof cause_rows[0]; i++)
        check_cause(&cause_rows[i]);
}

/* --- 75 --- */

static void without_cancel(void)
{
    static int key;
    struct context *parent = context_with_timeout(background(), 3600 * SECOND);
    struct context *valued = context_with_value(parent, &key, &key);
    struct context *free_one = context_without_cancel(valued);
    struct context *child = context_with_cancel(free_one);

    context_cancel(parent);
    CHECK(!context_done(free_one).chan && !context_deadline(free_one, NULL));
    CHECK(context_err(free_one) == CONTEXT_OK && !context_cause(free_one));
    CHECK(context_value(free_one, &key) == &key && context_value(child, &key) == &key);
    CHECK(!is_done(child));
    context_cancel(free_one); /* there is nothing to cancel */
    CHECK(!is_done(child));
    end(child);
    context_free(free_one);
    context_free(valued);
    context_free(parent);
}

/* --- 76 --- */

struct call {
    int runs, tid, hold;
};

static void note_call(void *arg)
{
    struct call *call = arg;

    flag_set(&call->tid, (int)syscall(SYS_gettid));
    __atomic_fetch_add(&call->runs, 1, __ATOMIC_RELAXED);
    flag_await(&call->hold, 0);
}

static void runs_once_when_done(void)
{
    struct context *ctx = context_with_cancel(background());
    struct context *child = context_with_cancel(ctx);
    struct call calls[2] = {{.hold = 1}, {.hold = 1}}, after = {0};
    struct context_stop *stops[2] = {context_after_func(ctx, note_call, &calls[0]),
                                     context_after_func(child, note_call, &calls[1])};

    CHECK(calls[0].runs == 0 && calls[1].runs == 0);
    context_cancel(ctx); /* does not wait for what it starts */
    context_cancel(ctx);
    for (int i = 0; i < 2; i++) {
        flag_await(&calls[i].runs, 1);
        CHECK(calls[i].tid != (int)syscall(SYS_gettid));
        CHECK(!context_stop(stops[i])); /* too late, and does not wait either */
        flag_set(&calls[i].hold, 0);
    }
    stops[0] = context_after_func(child, note_call, &after); /* it is done: at once */
    flag_await(&after.runs, 1);
    CHECK(!context_stop(stops[0]));
    CHECK_INT(flag_get(&calls[0].runs) + flag_get(&calls[1].runs), 2);
    context_free(child);
    context_free(ctx);
    while (go_count() > 1)
        usleep(100);
}

static void stopped_in_time(void)
{
    struct context *ctx = context_with_cancel(background());
    struct context *timed = context_with_timeout(ctx, 5 * MILLISECOND);
    struct call stopped = {0}, timed_out = {0};
    struct context_stop *stops[3] = {context_after_func(ctx, note_call, &stopped),
                                     context_after_func(timed, note_call, &timed_out),
                                     context_after_func(background(), note_call, &stopped)};

    CHECK(context_stop(stops[0]));
    CHECK(context_stop(stops[2])); /* of what is never done */
    flag_await(&timed_out.runs, 1);
    CHECK(!context_stop(stops[1]));
    context_cancel(ctx);
    while (go_count() > 1)
        usleep(100);
    CHECK_INT(flag_get(&stopped.runs), 0);
    context_free(timed);
    context_free(ctx);
}

/* --- 77 --- */

static int threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    int count = -2; /* . and .. */

    CHECK(tasks);
    while (readdir(tasks))
        count++;
    closedir(tasks);
    return count;
}

static void no_goroutine_for_a_context(void)
{
    enum { MANY = 500 };
    static struct context *all[MANY];
    static struct context_stop *stops[MANY];
    static struct call call;
    struct context *first = context_with_timeout(background(), 3600 * SECOND);
    int before = threads(); /* there may be one clock for all by now */

    for (int i = 0; i < MANY; i++) {
        struct context *parent = i ? all[i / 2] : background();

        all[i] = i % 2 ? context_with_timeout(parent, 3600 * SECOND) : context_with_cancel(parent);
        stops[i] = context_after_func(all[i], note_call, &call);
    }
    CHECK_INT((int)go_count(), 1);
    CHECK_INT(threads(), before);
    for (int i = 0; i < MANY; i++)
        CHECK(context_stop(stops[i]));
    for (int i = MANY; i-- > 0;)
        end(all[i]);
    end(first);
}

#define NIL_PARENT "cannot create context from nil parent"

static const struct test tests[] = {
    {"69", "the earlier deadline counts", the_earlier_deadline_counts, RETURNS, NULL},
    {"69", "a child follows its parent", a_child_follows_its_parents_deadline, RETURNS, NULL},
    {"70", "a deadline in the past is now", the_past_is_now, RETURNS, NULL},
    {"71", "cancelled before its deadline", cancel_comes_first, RETURNS, NULL},
    {"71", "cancelled at its deadline", cancel_races_with_the_deadline, RETURNS, NULL},
    {"72", "the nearest value", the_nearest_value, RETURNS, NULL},
    {"73", "with_cancel of nil", cancel_of_nil, PANICS, NIL_PARENT},
    {"73", "with_cancel_cause of nil", cancel_cause_of_nil, PANICS, NIL_PARENT},
    {"73", "with_timeout of nil", timeout_of_nil, PANICS, NIL_PARENT},
    {"73", "with_deadline of nil", deadline_of_nil, PANICS, NIL_PARENT},
    {"73", "with_value of nil", value_of_nil, PANICS, NIL_PARENT},
    {"73", "without_cancel of nil", without_cancel_of_nil, PANICS, NIL_PARENT},
    {"73", "nil as a key", nil_key, PANICS, "nil key"},
    {"74", "the first cause wins", the_first_cause_wins, RETURNS, NULL},
    {"75", "without_cancel keeps the values only", without_cancel, RETURNS, NULL},
    {"76", "after_func runs once, on its own", runs_once_when_done, RETURNS, NULL},
    {"76", "after_func that was stopped", stopped_in_time, RETURNS, NULL},
    {"77", "no goroutine for a context", no_goroutine_for_a_context, RETURNS, NULL},
};

const struct section context_rest = SECTION(tests);
