/* SPDX-License-Identifier: MIT */
/*
 * context.h - cancellation, deadlines and values that go down a tree of tasks
 *
 * Source:   Go's package context
 * Memory:   who makes a context frees it, once, after cancelling it, when nobody else uses it any
 *           more; a child keeps what it needs of its parents. context_background() and
 *           context_todo() are nobody's: freeing them does nothing
 * Locking:  any thread may call any of these
 * Errors:   "cannot create context from nil parent" and "nil key" panic as in Go
 *
 *      struct context *ctx = context_with_timeout(parent, 2 * SECOND);
 *      DEFER(context_free, ctx);
 *      DEFER(context_cancel, ctx);
 *
 * A context that was never cancelled, by anybody or by its deadline, is reported as missing-cancel
 * when it is freed and when the program ends.
 */
#ifndef GRIDLOCK_CONTEXT_H
#define GRIDLOCK_CONTEXT_H

#include <gridlock/chan.h>

CHAN_TYPE(done_chan, char);

enum context_error { CONTEXT_OK, CONTEXT_CANCELED, CONTEXT_DEADLINE_EXCEEDED };

struct context;
struct context_stop;

/* The root of all contexts: never cancelled, no deadline, no values. */
struct context *context_background(void);
/* The same, for places that do not know yet which context they should use. */
struct context *context_todo(void);

struct context *context_with_cancel(struct context *parent);
/* The same; says that context_cancel_cause() will tell why. */
struct context *context_with_cancel_cause(struct context *parent);
/* Cancelled by itself after `duration`, or at `monotonic_ns`; at once if that is past. An earlier
 * deadline of the parent stays in force. */
struct context *context_with_timeout(struct context *parent, int64_t duration);
struct context *context_with_deadline(struct context *parent, int64_t monotonic_ns);
/* Carries one value; keys compare by address: use the address of a static variable. */
struct context *context_with_value(struct context *parent, const void *key, void *value);
/* Keeps the parent's values, and nothing else of it. */
struct context *context_without_cancel(struct context *parent);

/* Cancels it and all contexts made from it, before it returns. The second time does nothing, and so
 * does it for a context that cannot be cancelled on its own: with_value, without_cancel, background.
 * Waits for nobody: functions of context_after_func() are started, not over. */
void context_cancel(struct context *ctx);
/* The same, with a cause, which is copied; NULL stands for "context canceled". The first one to
 * cancel it gives the cause. */
void context_cancel_cause(struct context *ctx, const char *cause);

/* A channel that is closed when the context is cancelled; nil if that can never happen. It lives as
 * long as the context. */
done_chan_receiver context_done(struct context *ctx);
/* CONTEXT_OK until it is cancelled; after that always the same. It is cancelled at the moment its
 * channel is closed. Async-signal-safe. */
enum context_error context_err(struct context *ctx);
/* "context canceled", "context deadline exceeded"; NULL for CONTEXT_OK. */
const char *context_error_text(enum context_error error);
/* What it was cancelled for: the cause that came with the first cancellation of it or of a context
 * above, or the text of context_err(); NULL until it is cancelled. Lives as long as the context. */
const char *context_cause(struct context *ctx);
/* The value of the nearest context on the way up that has the key; else NULL. */
void *context_value(struct context *ctx, const void *key);
/* Has it a deadline? Then *monotonic_ns (unless NULL) is when. */
bool context_deadline(struct context *ctx, int64_t *monotonic_ns);

/* Runs fn(arg) once in a goroutine of its own when ctx is cancelled; at once if it is already. `arg`
 * must live until fn has no more use for it. ctx may be freed before context_stop(). */
struct context_stop *context_after_func(struct context *ctx, void (*fn)(void *), void *arg);
/* True: fn will not run. False: it has been started, or was stopped before. Frees `stop`: call it
 * once for each context_after_func(). */
bool context_stop(struct context_stop *stop);

/* Gives it back. Allowed while children are alive. One that was never cancelled is cancelled now, and
 * reported. NULL is allowed. */
void context_free(struct context *ctx);

#endif
