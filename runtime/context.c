/* SPDX-License-Identifier: MIT */
/*
 * What does a context know, and how long does it live?
 *
 * Everything here is constant from its beginning or from its cancellation on, so no lock is needed:
 * a context is cancelled once its done channel is closed, for context_err() as for everybody else.
 */
#include "runtime/context.h"

#include "runtime/panic.h"

/* --- the roots --- */

static struct context background = {.deadline = CONTEXT_NEVER};
static struct context todo = {.deadline = CONTEXT_NEVER};

struct context *context_background(void)
{
    return &background;
}

struct context *context_todo(void)
{
    return &todo;
}

/* --- how long it lives --- */

void context_begin(struct context *ctx, struct context *parent)
{
    context_refer(parent);
    *ctx = (struct context){.parent = parent,
                            .cancellable = parent->cancellable,
                            .deadline = parent->deadline,
                            .references = 1};
}

void context_refer(struct context *ctx)
{
    if (ctx->parent)
        __atomic_fetch_add(&ctx->references, 1, __ATOMIC_RELAXED);
}

/* A loop, and no recursion: chains may be longer than a goroutine's stack is deep. */
void context_drop(struct context *ctx, struct site site)
{
    while (ctx->parent && __atomic_sub_fetch(&ctx->references, 1, __ATOMIC_ACQ_REL) == 0) {
        struct context *parent = ctx->parent;

        if (context_is_cancellable(ctx))
            context_end(ctx->cancellable, site);
        free(ctx);
        ctx = parent;
    }
}

/* --- what it knows --- */

done_chan_receiver context_done(struct context *ctx)
{
    if (ctx->deadline != CONTEXT_NEVER)
        clock_keep();
    return (done_chan_receiver){.chan = ctx->cancellable ? ctx->cancellable->done : NULL};
}

enum context_error context_err(struct context *ctx)
{
    const struct cancellable *c = ctx->cancellable;

    return c && chan_is_closed(c->done) ? c->err : CONTEXT_OK;
}

const char *context_error_text(enum context_error error)
{
    switch (error) {
    case CONTEXT_CANCELED:
        return "context canceled";
    case CONTEXT_DEADLINE_EXCEEDED:
        return "context deadline exceeded";
    case CONTEXT_OK:
        break;
    }
    return NULL;
}

const char *context_cause(struct context *ctx)
{
    enum context_error err = context_err(ctx);

    if (err != CONTEXT_OK && ctx->cancellable->cause)
        return ctx->cancellable->cause;
    return context_error_text(err);
}

bool context_deadline(struct context *ctx, int64_t *monotonic_ns)
{
    if (ctx->deadline == CONTEXT_NEVER)
        return false;
    if (monotonic_ns)
        *monotonic_ns = ctx->deadline;
    return true;
}
