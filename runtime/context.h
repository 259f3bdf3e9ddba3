/* SPDX-License-Identifier: MIT */
/*
 * context.h - what a context is made of, for the files that are one idea about it each
 *
 * Layer:    runtime
 * Memory:   counted references: its creator's, one for each context made from it, one for its
 *           alarm while that is set, one for each context_stop. The last one frees it, and gives
 *           back its own to its parent
 * Locking:  see below
 * Errors:   no memory: fatal, as in Go
 *
 * Two trees lie over each other. Every context knows its parent: values are looked up that way.
 * Those that can be cancelled on their own are a tree by themselves, through which cancelling goes
 * down; the others share the done channel of the nearest such one above them.
 *
 * Locks: all that is cancelled together has one lock, in the topmost context of it (`top`). Under
 * it may be taken, one at a time: the clock's, that of a done channel, the detector's. So a context
 * is cancelled with all below it as one step, which nobody sees half done but through the channels.
 */
#ifndef GRIDLOCK_RUNTIME_CONTEXT_H
#define GRIDLOCK_RUNTIME_CONTEXT_H

#include "include/gridlock/context.h"
#include "runtime/chan.h"
#include "runtime/clock.h"

#define CONTEXT_NEVER INT64_MAX /* the deadline of a context that has none */

struct context {
    /* constant */
    struct context *parent;          /* NULL: background and todo */
    struct cancellable *cancellable; /* itself, or the nearest on the way up; NULL: never */
    int64_t deadline;                /* the earliest on the way up, its own included */
    const void *key;                 /* NULL: has no value */
    void *value;

    volatile int references;
};

struct cancellable {
    struct context context; /* first */

    /* constant */
    struct cancellable *above; /* it is cancelled with that one; NULL: it is the top */
    struct cancellable *top;
    struct chan *done;

    struct raw_lock lock; /* of the top only: the whole tree's */
    /* the tree's lock must be held when using these */
    struct cancellable *first, *next, *previous; /* those below that are not cancelled */
    struct context_stop *stops;                  /* of context_after_func(), not started */
    struct alarm alarm;

    /* written once, before done is closed; constant afterwards */
    enum context_error err;
    const char *cause; /* its own, or that of a context above; NULL: the text of err */
    char *own_cause;
};

static inline bool context_is_cancellable(const struct context *ctx)
{
    return ctx->cancellable && &ctx->cancellable->context == ctx;
}

/* --- context.c --- */

/* Makes `ctx` a child of `parent`, with one reference. NULL for a parent panics. */
void context_begin(struct context *ctx, struct context *parent);
void context_refer(struct context *ctx);
/* Gives a reference back. Requires: no lock, if it may be the last. */
void context_drop(struct context *ctx, struct site site);

/* --- context_cancel.c --- */

static inline void context_lock(struct cancellable *c)
{
    lock_take(&c->top->lock);
}

static inline void context_unlock(struct cancellable *c)
{
    lock_give(&c->top->lock);
}

/* A new context below `parent`, cancelled if that is. Its deadline is the earlier one of `deadline`
 * and its parent's; nobody watches over it yet. timed: it was made for its deadline. */
struct cancellable *context_make(struct context *parent, int64_t deadline, bool timed,
                                 struct site site);
/* Locked: cancels it and all below it, if it is not yet. The cause is copied. */
void context_cancel_locked(struct cancellable *c, enum context_error err, const char *cause,
                           struct site site);
void context_end(struct cancellable *c, struct site site);

/* --- context_deadline.c, context_after.c: what else happens to a context that is cancelled --- */

/* Locked. */
void context_disarm(struct cancellable *c, struct site site);
void context_start_stops(struct cancellable *c, struct site site);

#endif
