/* SPDX-License-Identifier: MIT */
/*
 * Who frees the channel of a time_after()? Nobody holds it but a handle, and there is no garbage
 * collector. So:
 *
 * 1. The handle carries, in the sixteen bits that no address uses, which use of the channel it is
 *    for. The channel goes back to the pool when its value is received: a handle from before then
 *    fits no more, and is nil: it blocks for ever, as in Go.
 * 2. Most are never received, since another case of the select happened. One that fired a minute
 *    ago goes back to the pool too; if its handle turns up after all, it gets a channel that has
 *    fired.
 *
 * Channels in the pool are never freed: a handle may always be looked up.
 */
#include "runtime/after.h"

#include "runtime/panic.h"

#define GRACE (60 * INT64_C(1000000000))

enum { TAG_SHIFT = 48, LOOK_AT = 2 };

struct after {
    struct chan chan; /* first: a struct chan with `after` set is a struct after */
    int64_t value;    /* its buffer */
    struct after *next, *previous;
    int64_t end;   /* when it fires */
    uint16_t tag;  /* of the handles that are good now; never 0 */
    bool received; /* so its last use ended */
};

static struct {
    struct raw_lock lock;          /* may be taken while a channel's lock is held */
    struct after *free;            /* linked by next */
    struct after *oldest, *newest; /* in use */
} pool;

/* --- the pool; its lock must be held --- */

static void append(struct after *after)
{
    after->next = NULL;
    after->previous = pool.newest;
    if (pool.newest)
        pool.newest->next = after;
    else
        pool.oldest = after;
    pool.newest = after;
}

static void take_out(struct after *after)
{
    if (after->previous)
        after->previous->next = after->next;
    else
        pool.oldest = after->next;
    if (after->next)
        after->next->previous = after->previous;
    else
        pool.newest = after->previous;
}

/* Step 1 or 2: no handle that is about is good any more. */
static void give_back(struct after *after, bool received)
{
    take_out(after);
    after->received = received;
    if (++after->tag == 0)
        after->tag = 1;
    after->next = pool.free;
    pool.free = after;
}

/* Step 2, a few at a time: who is not ripe goes to the end of the line. The order of the locks is
 * the other one here, hence the try. */
static void collect(int64_t now)
{
    for (int i = 0; i < LOOK_AT && pool.oldest; i++) {
        struct after *after = pool.oldest;
        bool ripe = after->end < now - GRACE && lock_try(&after->chan.lock);

        if (ripe && !after->chan.receivers.first) {
            give_back(after, false);
        } else {
            take_out(after);
            append(after);
        }
        if (ripe)
            lock_give(&after->chan.lock);
    }
}

static struct after *take(int64_t now)
{
    struct after *after;

    collect(now);
    after = pool.free;
    if (after)
        pool.free = after->next;
    else
        after = calloc(1, sizeof *after);
    if (!after)
        panic_fatal("runtime: out of memory");
    after->tag = after->tag ? after->tag : 1;
    append(after);
    return after;
}

/* --- for everybody --- */

/* A channel that fires at `due`; *tag is its handle's. */
static struct chan *fresh(int64_t now, int64_t due, uint16_t *tag)
{
    struct after *after;

    lock_take(&pool.lock);
    after = take(now);
    after->end = due;
    *tag = after->tag;
    lock_give(&pool.lock);
    lock_take(&after->chan.lock);
    after->chan.elem_size = sizeof after->value;
    after->chan.capacity = 1;
    after->chan.buffer = (unsigned char *)&after->value;
    after->chan.after = true;
    after->chan.count = 0;
    after->chan.due = due;
    lock_give(&after->chan.lock);
    return &after->chan;
}

struct chan *after_new(int64_t duration)
{
    uint16_t tag;
    struct chan *c = fresh(park_now(), park_after(duration), &tag);

    return (struct chan *)((uintptr_t)c | (uintptr_t)tag << TAG_SHIFT);
}

struct chan *after_resolve(struct chan *handle)
{
    uint16_t tag = (uint16_t)((uintptr_t)handle >> TAG_SHIFT);
    struct after *after = (struct after *)((uintptr_t)handle & (((uintptr_t)1 << TAG_SHIFT) - 1));
    bool good, received;

    lock_take(&pool.lock);
    good = after->tag == tag;
    received = after->received;
    lock_give(&pool.lock);
    if (good)
        return &after->chan;
    return received ? NULL : fresh(park_now(), park_now(), &tag);
}

void after_received(struct chan *c)
{
    /* Others may wait for it too: they wait for ever, as in Go, and it stays theirs. */
    if (!c->receivers.first) {
        lock_take(&pool.lock);
        give_back((struct after *)c, true);
        lock_give(&pool.lock);
    }
    lock_give(&c->lock);
}
