/* SPDX-License-Identifier: MIT */
/*
 * How does cancelling reach everybody below?
 *
 * With the tree's lock held:
 *
 * 1. Take the context out of the tree, with all below it, as one chain.
 * 2. Write down for each why it was cancelled, and tell the detector: from the next step on a
 *    program may end at any moment, and none of these was forgotten.
 * 3. Close their done channels, start what waited for that.
 *
 * Invariants: who is in the tree is not cancelled, and its creator has not freed it; so its memory
 * is safe under the lock without a reference. Who is cancelled has nobody below it. Two that cancel
 * at the same time come one after the other, and the second finds all done.
 */
#include "runtime/context.h"

#include "runtime/panic.h"

#include <string.h>

/* --- the tree; its lock must be held --- */

static void link_below(struct cancellable *c, struct cancellable *above)
{
    c->previous = NULL;
    c->next = above->first;
    if (c->next)
        c->next->previous = c;
    above->first = c;
}

static void unlink_it(struct cancellable *c)
{
    if (!c->above)
        return;
    if (c->previous)
        c->previous->next = c->next;
    else
        c->above->first = c->next;
    if (c->next)
        c->next->previous = c->previous;
    c->next = c->previous = NULL;
}

/* Step 1. The chain goes through `next`, parents before their children. */
static void take_out(struct cancellable *c)
{
    unlink_it(c);
    for (struct cancellable *last = c; c; c = c->next) {
        last->next = c->first;
        c->first = NULL;
        while (last->next)
            last = last->next;
    }
}

void context_cancel_locked(struct cancellable *c, enum context_error err, const char *cause,
                           struct site site)
{
    if (c->err != CONTEXT_OK)
        return;
    if (cause) {
        c->own_cause = strdup(cause);
        if (!c->own_cause)
            panic_fatal("runtime: out of memory");
    }
    cause = c->own_cause;
    take_out(c);
    for (struct cancellable *each = c; each; each = each->next) {
        each->err = err;
        each->cause = cause;
        event_context_cancelled(&each->context);
    }
    for (struct cancellable *next; c; c = next) {
        next = c->next;
        c->next = c->previous = NULL;
        context_disarm(c, site);
        chan_close_once(c->done, site);
        if (c->context.deadline != CONTEXT_NEVER)
            event_chan_external(c->done->record, -1);
        context_start_stops(c, site);
    }
}

/* --- begin and end --- */

static struct cancellable *new_below(struct context *parent, int64_t deadline, struct site site)
{
    struct cancellable *c;

    if (!parent)
        panic("cannot create context from nil parent");
    c = calloc(1, sizeof *c);
    if (!c)
        panic_fatal("runtime: out of memory");
    context_begin(&c->context, parent);
    c->context.cancellable = c;
    if (deadline < c->context.deadline)
        c->context.deadline = deadline;
    c->above = parent->cancellable;
    c->top = c->above ? c->above->top : c;
    c->done = chan_new_at(sizeof(char), 0, site);
    event_chan_is_context(c->done->record);
    if (c->context.deadline != CONTEXT_NEVER) /* the clock will close it, or a thread before that */
        event_chan_external(c->done->record, 1);
    return c;
}

struct cancellable *context_make(struct context *parent, int64_t deadline, bool timed,
                                 struct site site)
{
    struct cancellable *c = new_below(parent, deadline, site);

    event_context_made(&c->context, c->done->record, timed, site);
    if (!c->above)
        return c;
    context_lock(c);
    link_below(c, c->above);
    if (c->above->err != CONTEXT_OK)
        context_cancel_locked(c, c->above->err, c->above->cause, site);
    context_unlock(c);
    return c;
}

struct context *context_with_cancel(struct context *parent)
{
    return &context_make(parent, CONTEXT_NEVER, false, CALL_SITE())->context;
}

struct context *context_with_cancel_cause(struct context *parent)
{
    return &context_make(parent, CONTEXT_NEVER, false, CALL_SITE())->context;
}

/* Nobody has a reference, so nobody waits. */
void context_end(struct cancellable *c, struct site site)
{
    chan_release_at(c->done, site);
    free(c->own_cause);
}

/* --- for everybody --- */

static void cancel(struct context *ctx, const char *cause, struct site site)
{
    if (!context_is_cancellable(ctx))
        return;
    context_lock(ctx->cancellable);
    context_cancel_locked(ctx->cancellable, CONTEXT_CANCELED, cause, site);
    context_unlock(ctx->cancellable);
}

void context_cancel(struct context *ctx)
{
    cancel(ctx, NULL, CALL_SITE());
}

void context_cancel_cause(struct context *ctx, const char *cause)
{
    cancel(ctx, cause, CALL_SITE());
}

void context_free(struct context *ctx)
{
    struct site site = CALL_SITE();

    if (!ctx)
        return;
    if (context_is_cancellable(ctx)) {
        context_lock(ctx->cancellable);
        event_context_freed(ctx, site);
        context_cancel_locked(ctx->cancellable, CONTEXT_CANCELED, NULL, site);
        context_unlock(ctx->cancellable);
    }
    context_drop(ctx, site);
}
