/* SPDX-License-Identifier: MIT */
/*
 * How does a value get from one goroutine to another?
 *
 * After Go's chan.go. Each operation, with the lock held:
 *
 * 1. Closed? A send panics; a receive takes what is left, then zeros.
 * 2. Somebody waits at the other end: hand over directly into or out of its variable, and wake it.
 *    A receive from a full buffer takes the oldest value and puts the first sender's at the end:
 *    so the order of arrival is kept.
 * 3. Room, or a value, in the buffer: copy.
 * 4. Else wait in the queue, until somebody does step 2 from the other side.
 *
 * Invariants: a channel has values or waiting receivers, never both; it has room or waiting
 * senders, never both (a select that is on both sides of an unbuffered channel does not match
 * itself). Who is woken has nothing left to do: its value was copied by its partner.
 *
 * The lock is given back before anybody is woken, and the detector is told between.
 */
#include "runtime/chan.h"

#include "runtime/panic.h"

#include <string.h>

/* --- steps 2 and 3 --- */

static void copy(void *to, const void *from, size_t size)
{
    if (to && size)
        memcpy(to, from, size);
}

static unsigned char *slot(const struct chan *c, size_t i)
{
    size_t at = c->first + i;

    return c->buffer + (at < c->capacity ? at : at - c->capacity) * c->elem_size;
}

static void drop_first(struct chan *c)
{
    c->first = c->first + 1 == c->capacity ? 0 : c->first + 1;
    c->count--;
}

struct parker *chan_send_now(struct chan *c, const void *elem, bool *done)
{
    struct waiter *receiver = chan_dequeue(&c->receivers);

    *done = true;
    if (receiver) {
        event_chan_value(c->record);
        copy(receiver->elem, elem, c->elem_size);
        receiver->waiting->ok = true;
        return receiver->waiting->parker;
    }
    if (c->count < c->capacity)
        copy(slot(c, c->count++), elem, c->elem_size);
    else
        *done = false;
    return NULL;
}

/* The first sender's value goes to the receiver, or behind those that are already there. */
static struct parker *receive_from_sender(struct chan *c, struct waiter *sender, void *elem)
{
    if (!c->capacity) {
        copy(elem, sender->elem, c->elem_size);
    } else {
        copy(elem, slot(c, 0), c->elem_size);
        copy(slot(c, 0), sender->elem, c->elem_size);
        c->first = c->first + 1 == c->capacity ? 0 : c->first + 1;
    }
    sender->waiting->ok = true;
    return sender->waiting->parker;
}

struct parker *chan_receive_now(struct chan *c, void *elem, bool *ok, bool *done)
{
    struct waiter *sender = NULL;

    *done = *ok = true;
    if (!c->closed)
        sender = chan_dequeue(&c->senders);
    if (sender || c->count)
        event_chan_value(c->record);
    if (sender)
        return receive_from_sender(c, sender, elem);
    if (c->count) {
        copy(elem, slot(c, 0), c->elem_size);
        drop_first(c);
        return NULL;
    }
    *ok = false;
    *done = c->closed;
    if (c->closed && elem)
        memset(elem, 0, c->elem_size);
    return NULL;
}

/* --- panics --- */

static _Noreturn void panic_closed(struct channel *record, struct site site)
{
    panic_say("send on closed channel");
    event_chan_misuse(EVENT_SEND_ON_CLOSED, record, site);
    abort();
}

_Noreturn void chan_panic_closed(struct chan *c, struct site site)
{
    lock_give(&c->lock);
    panic_closed(c->record, site);
}

_Noreturn void chan_panic_freed(struct chan *c, struct site site)
{
    lock_give(&c->lock);
    panic_say("use of freed channel");
    event_chan_misuse(EVENT_USE_OF_FREED, c->record, site);
    abort();
}

/* --- waiting: step 4 --- */

static _Noreturn void block_for_ever(enum channel_side side, struct site site)
{
    struct event_case nothing = {.side = side, .nil = true};

    event_cases_block(&nothing, 1, false, site);
    for (;;)
        park(park_self(), PARK_FOREVER);
}

/* The lock is held, and given back. What was decided: 0, WAIT_AGAIN or WAIT_TIMEOUT. */
static int wait_in(struct wait_queue *queue, struct chan *c, enum channel_side side,
                   struct waiter *waiter, struct site site)
{
    struct event_case what = {.channel = c->record, .address = c, .side = side};
    struct waiting *waiting = waiter->waiting;
    int64_t until = side == SIDE_RECEIVE ? c->due : INT64_MAX;

    chan_enqueue(queue, waiter);
    lock_give(&c->lock);
    if (park_awake(waiting->parker))
        return waiting->decided;
    event_cases_block(&what, 1, until != INT64_MAX, site);
    if (!park(waiting->parker, until) && !waiting_decide(waiting, WAIT_TIMEOUT))
        park(waiting->parker, PARK_FOREVER); /* decided at the last moment: the token is coming */
    event_unblock();
    if (waiting->decided == WAIT_TIMEOUT) {
        lock_take(&c->lock);
        chan_unqueue(queue, waiter);
        lock_give(&c->lock);
    }
    return waiting->decided;
}

/* --- send --- */

static bool send(struct chan *c, const void *elem, bool blocking, struct site site)
{
    struct waiting waiting = {.decided = WAIT_OPEN};
    struct waiter self = {.waiting = &waiting, .elem = (void *)elem};
    struct channel *record;
    struct parker *woken;
    bool done, ordered;

    if (!c && blocking)
        block_for_ever(SIDE_SEND, site);
    if (!c)
        return false;
    lock_take(&c->lock);
    if (c->freed)
        chan_panic_freed(c, site);
    if (c->closed)
        chan_panic_closed(c, site);
    if (blocking)
        event_chan_may_wait(c->record, SIDE_SEND, site);
    event_chan_asks(c->record, SIDE_SEND, site);
    record = c->record; /* once the lock is given back, the channel may be freed */
    woken = chan_send_now(c, elem, &done);
    if (!done && blocking) {
        waiting.parker = park_self();
        wait_in(&c->senders, c, SIDE_SEND, &self, site);
        if (!waiting.ok)
            panic_closed(record, site);
        event_chan_passed(record, SIDE_SEND, true);
        return true;
    }
    ordered = done && event_chan_sent(record, c->count);
    lock_give(&c->lock);
    if (done)
        event_chan_passed(record, SIDE_SEND, ordered);
    if (woken)
        unpark(woken);
    return done;
}

void chan_send_from(struct chan *c, const void *elem)
{
    send(c, elem, true, CALL_SITE());
}

bool chan_try_send_from(struct chan *c, const void *elem)
{
    return send(c, elem, false, CALL_SITE());
}

/* --- receive --- */

/* False: it would block. */
static bool receive(struct chan *c, void *elem, bool *ok, bool blocking, struct site site)
{
    struct waiting waiting;
    struct waiter self = {.waiting = &waiting, .elem = elem};
    struct channel *record;
    struct parker *woken;
    bool done;

    c = chan_of(c);
    if (!c && blocking)
        block_for_ever(SIDE_RECEIVE, site);
    if (!c)
        return false;
    for (;;) {
        lock_take(&c->lock);
        if (c->freed)
            chan_panic_freed(c, site);
        chan_tick(c);
        if (blocking)
            event_chan_may_wait(c->record, SIDE_RECEIVE, site);
        event_chan_asks(c->record, SIDE_RECEIVE, site);
        woken = chan_receive_now(c, elem, ok, &done);
        if (done || !blocking)
            break;
        waiting = (struct waiting){.parker = park_self(), .decided = WAIT_OPEN};
        record = c->record;
        if (wait_in(&c->receivers, c, SIDE_RECEIVE, &self, site) == 0) {
            *ok = waiting.ok;
            event_chan_passed(record, SIDE_RECEIVE, true);
            return true;
        }
    }
    record = c->record;
    if (done && c->after)
        after_received(c);
    else
        lock_give(&c->lock);
    if (done)
        event_chan_passed(record, SIDE_RECEIVE, true);
    if (woken)
        unpark(woken);
    return done;
}

bool chan_recv_into(struct chan *c, void *elem)
{
    bool ok;

    receive(c, elem, &ok, true, CALL_SITE());
    return ok;
}

bool chan_try_recv_into(struct chan *c, void *elem, bool *ok)
{
    bool received_value;
    bool done = receive(c, elem, &received_value, false, CALL_SITE());

    if (done && ok)
        *ok = received_value;
    return done;
}

/* --- close --- */

/* Locked: takes all waiters out, as a chain. Receivers find zeros. */
static struct waiter *take_all(struct chan *c, struct wait_queue *queue, struct waiter *chain)
{
    struct waiter *waiter;

    while ((waiter = chan_dequeue(queue))) {
        if (queue == &c->receivers && waiter->elem)
            memset(waiter->elem, 0, c->elem_size);
        waiter->waiting->ok = false;
        waiter->next = chain;
        chain = waiter;
    }
    return chain;
}

static void wake_all(struct waiter *chain)
{
    while (chain) {
        struct waiter *next = chain->next; /* it is gone once its owner is awake */

        unpark(chain->waiting->parker);
        chain = next;
    }
}

static void close_locked(struct chan *c, struct site site)
{
    struct waiter *chain;

    event_chan_closed(c->record, site);
    __atomic_store_n(&c->closed, true,
                     __ATOMIC_RELEASE); /* chan_is_closed() looks without a lock */
    chain = take_all(c, &c->receivers, NULL);
    chain = take_all(c, &c->senders, chain);
    lock_give(&c->lock);
    wake_all(chain);
}

static _Noreturn void panic_close(const char *text, enum event_misuse misuse, struct chan *c,
                                  struct site site)
{
    panic_say(text);
    event_chan_misuse(misuse, c ? c->record : NULL, site);
    abort();
}

void chan_close_it(struct chan *c)
{
    struct site site = CALL_SITE();

    if (!c)
        panic_close("close of nil channel", EVENT_CLOSE_OF_NIL, NULL, site);
    lock_take(&c->lock);
    if (c->freed)
        chan_panic_freed(c, site);
    if (c->closed) {
        lock_give(&c->lock);
        panic_close("close of closed channel", EVENT_CLOSE_OF_CLOSED, c, site);
    }
    close_locked(c, site);
}

void chan_close_once(struct chan *c, struct site site)
{
    lock_take(&c->lock);
    if (c->closed)
        lock_give(&c->lock);
    else
        close_locked(c, site);
}

/* --- how much is in it --- */

size_t chan_length(const struct chan *handle)
{
    struct chan *c = chan_of((struct chan *)handle);
    size_t count = 0;

    if (c) {
        lock_take(&c->lock);
        if (c->freed)
            chan_panic_freed(c, CALL_SITE());
        chan_tick(c);
        count = c->count;
        lock_give(&c->lock);
    }
    return count;
}

size_t chan_capacity(const struct chan *handle)
{
    const struct chan *c = chan_of((struct chan *)handle);

    return c ? c->capacity : 0;
}
