/* SPDX-License-Identifier: MIT */
/*
 * How does a context end by itself? It has an alarm (runtime/clock.c) that cancels it. A context
 * with an earlier deadline above it needs none: it goes with that one.
 *
 * The alarm has a reference while it is set; who unsets it gives the reference back, and so does
 * the alarm when it has rung.
 */
#include "runtime/context.h"

static void ring(struct alarm *alarm)
{
    struct cancellable *c = (void *)((char *)alarm - offsetof(struct cancellable, alarm));
    struct site site = CALL_SITE();

    context_lock(c);
    context_cancel_locked(c, CONTEXT_DEADLINE_EXCEEDED, NULL, site);
    context_unlock(c);
    context_drop(&c->context, site);
}

static void arm(struct cancellable *c)
{
    context_refer(&c->context);
    c->alarm = (struct alarm){.when = c->context.deadline, .ring = ring};
    clock_set(&c->alarm);
}

/* Never the last reference: who is in the tree has its creator's. */
void context_disarm(struct cancellable *c, struct site site)
{
    if (c->alarm.ring && clock_unset(&c->alarm))
        context_drop(&c->context, site);
}

static struct context *with_deadline(struct context *parent, int64_t deadline, struct site site)
{
    struct cancellable *c = context_make(parent, deadline, true, site);

    if (deadline >= parent->deadline)
        return &c->context;
    context_lock(c);
    if (c->err == CONTEXT_OK && deadline <= park_now())
        context_cancel_locked(c, CONTEXT_DEADLINE_EXCEEDED, NULL, site);
    if (c->err == CONTEXT_OK)
        arm(c);
    context_unlock(c);
    return &c->context;
}

struct context *context_with_timeout(struct context *parent, int64_t duration)
{
    return with_deadline(parent, park_after(duration), CALL_SITE());
}

struct context *context_with_deadline(struct context *parent, int64_t monotonic_ns)
{
    return with_deadline(parent, monotonic_ns, CALL_SITE());
}
