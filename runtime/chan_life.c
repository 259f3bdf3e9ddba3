/* SPDX-License-Identifier: MIT */
/*
 * How does a channel begin and end?
 *
 * C has no garbage collector: chan_free() says that nobody uses the channel any more. If somebody
 * does, that must be told and not crash: so the last QUARANTINE freed channels keep their memory
 * (the buffer aside), marked as freed.
 */
#include "runtime/chan.h"

#include "runtime/panic.h"

#include <string.h>

/* What no address space has room for, in bytes. */
#define TOO_LARGE (UINT64_C(1) << 48)

enum { QUARANTINE = 256 };

static struct {
    struct raw_lock lock;
    struct chan *freed[QUARANTINE];
    size_t next;
} quarantine;

/* --- begin --- */

static struct chan *make(size_t elem_size, size_t capacity)
{
    struct chan *c = calloc(1, sizeof *c);

    if (c && capacity)
        c->buffer = malloc(capacity * elem_size); /* elements of no size have addresses, too */
    if (!c || (capacity && !c->buffer))
        panic_fatal("runtime: out of memory");
    c->elem_size = elem_size;
    c->capacity = capacity;
    c->due = INT64_MAX;
    return c;
}

struct chan *chan_new_at(size_t elem_size, int64_t capacity, struct site site)
{
    struct chan *c;

    if (capacity < 0 || (elem_size && (uint64_t)capacity >= TOO_LARGE / elem_size))
        panic("makechan: size out of range");
    c = make(elem_size, (size_t)capacity);
    c->record = event_chan_made(c, c->capacity, site);
    return c;
}

struct chan *chan_new(size_t elem_size, int64_t capacity)
{
    return chan_new_at(elem_size, capacity, CALL_SITE());
}

/* --- end --- */

static void keep_for_a_while(struct chan *c)
{
    struct chan *oldest;

    lock_take(&quarantine.lock);
    oldest = quarantine.freed[quarantine.next];
    quarantine.freed[quarantine.next] = c;
    quarantine.next = (quarantine.next + 1) % QUARANTINE;
    lock_give(&quarantine.lock);
    if (oldest)
        event_chan_gone(oldest->record);
    free(oldest);
}

/* A select that went on elsewhere does not count: it is only on its way out. */
static bool somebody_waits(const struct wait_queue *queue)
{
    for (const struct waiter *waiter = queue->first; waiter; waiter = waiter->next)
        if (waiter->waiting->decided == WAIT_OPEN)
            return true;
    return false;
}

void chan_release_at(struct chan *c, struct site site)
{
    if (!c)
        return;
    lock_take(&c->lock);
    if (c->freed)
        chan_panic_freed(c, site);
    if (somebody_waits(&c->senders) || somebody_waits(&c->receivers)) { /* it stays, for them */
        lock_give(&c->lock);
        event_chan_misuse(EVENT_FREE_IN_USE, c->record, site);
        return;
    }
    c->freed = true;
    event_chan_freed(c->record, site);
    lock_give(&c->lock);
    free(c->buffer);
    c->buffer = NULL;
    keep_for_a_while(c);
}

void chan_release(struct chan *c)
{
    chan_release_at(c, CALL_SITE());
}
