/* SPDX-License-Identifier: MIT */
/*
 * How do values go down a tree of tasks? They do not: who asks goes up, from context to context,
 * until one has the key. A context that only carries a value, or only cuts off cancelling, is
 * nothing but its place on that way.
 */
#include "runtime/context.h"

#include "runtime/panic.h"

static struct context *new_below(struct context *parent)
{
    struct context *ctx;

    if (!parent)
        panic("cannot create context from nil parent");
    ctx = malloc(sizeof *ctx);
    if (!ctx)
        panic_fatal("runtime: out of memory");
    context_begin(ctx, parent);
    return ctx;
}

struct context *context_with_value(struct context *parent, const void *key, void *value)
{
    struct context *ctx = new_below(parent);

    if (!key)
        panic("nil key");
    ctx->key = key;
    ctx->value = value;
    return ctx;
}

struct context *context_without_cancel(struct context *parent)
{
    struct context *ctx = new_below(parent);

    ctx->cancellable = NULL;
    ctx->deadline = CONTEXT_NEVER;
    return ctx;
}

void *context_value(struct context *ctx, const void *key)
{
    for (; ctx; ctx = ctx->parent)
        if (ctx->key && ctx->key == key)
            return ctx->value;
    return NULL;
}
