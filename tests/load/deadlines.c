/* SPDX-License-Identifier: MIT */
/*
 * deadlines ROUNDS - is every context whose time is over cancelled, whatever happens to others?
 *
 * Several goroutines at once make contexts with deadlines in random order, some in a moment and some
 * in an hour, cancel many of both before their time, and wait for the rest of the short ones. One
 * that the clock forgot would make them wait for minutes. At last one after the other, so that the
 * clock sleeps each time.
 */
#include "load.h"

#include <stdio.h>

enum { GOROUTINES = 3, COUNT = 60 };

#define SHORT    (20 * MILLISECOND)
#define TOO_LATE (20 * SECOND)

static struct waitgroup all = WAITGROUP_INIT;
static long rounds;
static long waited; /* atomic */

struct one {
    struct context *context;
    bool brief;
};

static void make(struct one *one, uint64_t *die)
{
    one->brief = roll(die, 2);
    one->context = context_with_timeout(
        context_background(), one->brief ? roll(die, SHORT) : (1 + roll(die, 60)) * 60 * SECOND);
}

static void wait_for(struct context *ctx)
{
    int64_t deadline = 0;

    require(context_deadline(ctx, &deadline), "a timeout is no deadline");
    if (chan_select(RECV(context_done(ctx), NULL), RECV(time_after(TOO_LATE), NULL)) != 0)
        fail("done", "a context is %ld ms late", (long)((now() - deadline) / MILLISECOND));
    require(context_err(ctx) == CONTEXT_DEADLINE_EXCEEDED, "its error is another one");
    require(now() >= deadline, "it was cancelled %ld ns too early", (long)(deadline - now()));
    __atomic_fetch_add(&waited, 1, __ATOMIC_RELAXED);
}

static void one_round(uint64_t *die)
{
    struct one ones[COUNT];

    for (int i = 0; i < COUNT; i++)
        make(&ones[i], die);
    for (int i = 0; i < COUNT; i++) /* from anywhere in the clock's heap */
        if (!ones[i].brief && roll(die, 2))
            context_cancel(ones[i].context);
    for (int i = 0; i < COUNT; i++) {
        if (ones[i].brief)
            wait_for(ones[i].context);
        else
            context_cancel(ones[i].context);
        context_free(ones[i].context);
    }
}

static void run(void *argument)
{
    uint64_t die = (uintptr_t)argument;

    for (long r = 0; r < rounds; r++)
        one_round(&die);
}

/* The clock sleeps for an hour, or for ever: an earlier deadline must wake it. */
static void one_that_is_earlier(bool later_one)
{
    struct context *later = NULL, *earlier;

    if (later_one)
        later = context_with_timeout(context_background(), 3600 * SECOND);
    time_sleep(2 * MILLISECOND);
    earlier = context_with_timeout(context_background(), MILLISECOND);
    wait_for(earlier);
    context_free(earlier);
    if (later) {
        context_cancel(later);
        context_free(later);
    }
}

int main(int argc, char **argv)
{
    (void)argc;
    rounds = number(argv, 1);
    for (uintptr_t i = 0; i < GOROUTINES; i++)
        waitgroup_go(&all, run, (void *)i);
    waitgroup_wait(&all);
    for (int i = 0; i < 20; i++)
        one_that_is_earlier(i % 2);
    printf("%ld deadlines waited for\n", waited);
    return 0;
}
