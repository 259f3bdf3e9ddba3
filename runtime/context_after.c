/* SPDX-License-Identifier: MIT */
/*
 * How does something happen when a context is cancelled, without a goroutine that waits for it? The
 * context keeps a list of what to start. Who is on it when the context is cancelled is started by
 * whoever cancels, before that returns; who was stopped is not on it any more.
 */
#include "runtime/context.h"

#include "runtime/go.h"
#include "runtime/panic.h"

struct context_stop {
    /* constant */
    struct cancellable *of; /* has a reference to it; NULL: it can never be cancelled */
    void (*fn)(void *);
    void *arg;

    /* the tree's lock */
    struct context_stop *next, *previous;
    bool listed;
};

/* With a deadline the clock will start it, if nobody else does: told to the detector. */
static void tell_expected(const struct context_stop *stop, int by)
{
    if (stop->of->context.deadline != CONTEXT_NEVER)
        event_goroutine_expected(by);
}

/* --- the list; locked --- */

static void put_on(struct context_stop *stop)
{
    stop->next = stop->of->stops;
    if (stop->next)
        stop->next->previous = stop;
    stop->of->stops = stop;
    stop->listed = true;
    tell_expected(stop, 1);
}

static void take_off(struct context_stop *stop)
{
    if (stop->previous)
        stop->previous->next = stop->next;
    else
        stop->of->stops = stop->next;
    if (stop->next)
        stop->next->previous = stop->previous;
    stop->listed = false;
}

void context_start_stops(struct cancellable *c, struct site site)
{
    struct context_stop *stop;

    while ((stop = c->stops)) {
        take_off(stop);
        go_at(NULL, stop->fn, stop->arg, (const void *)stop->fn, site);
        tell_expected(stop, -1);
    }
}

/* --- for everybody --- */

struct context_stop *context_after_func(struct context *ctx, void (*fn)(void *), void *arg)
{
    struct site site = CALL_SITE();
    struct context_stop *stop;

    if (!ctx)
        panic("cannot create context from nil parent");
    stop = calloc(1, sizeof *stop);
    if (!stop)
        panic_fatal("runtime: out of memory");
    *stop = (struct context_stop){.of = ctx->cancellable, .fn = fn, .arg = arg};
    if (!stop->of)
        return stop;
    context_refer(&stop->of->context);
    context_lock(stop->of);
    put_on(stop);
    if (stop->of->err != CONTEXT_OK)
        context_start_stops(stop->of, site);
    context_unlock(stop->of);
    return stop;
}

bool context_stop(struct context_stop *stop)
{
    struct cancellable *c = stop->of;
    struct site site = CALL_SITE();
    bool prevented = true;

    if (c) {
        context_lock(c);
        prevented = stop->listed;
        if (prevented) {
            take_off(stop);
            tell_expected(stop, -1);
        }
        context_unlock(c);
        context_drop(&c->context, site);
    }
    free(stop);
    return prevented;
}
