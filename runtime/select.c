/* SPDX-License-Identifier: MIT */
/*
 * Which of several channel operations goes on?
 *
 * After Go's select.go:
 *
 * 0. Look the channels up, and make a random order to look in, so that the choice is uniform.
 * 1. Look at one channel after the other, with its lock: that a case can go on needs no look at the
 *    others, and so most selects are done. (Not before DEFAULT: it needs step 2 anyway.)
 * 2. That none can go on is true only at one moment for all. Take all the locks, in the order of
 *    their addresses, so that two selects never lock each other out; and look again.
 * 3. There is none, and no DEFAULT: queue up on every channel, give the locks back, sleep.
 * 4. Somebody decided the wait. Leave the queues of the other channels.
 *
 * A wait is decided once (chan.h): two channels that become ready at the same time cannot both
 * serve it. If a timer was set anew, nothing was decided: again from 2.
 */
#include "include/gridlock/select.h"

#include "runtime/chan.h"
#include "runtime/panic.h"
#include "runtime/random.h"

#include <stdlib.h>
#include <string.h>

enum { FEW = 16 };

/* What a select works with; one allocation, or a few on the stack. */
struct entry {
    struct chan_case *what;
    struct chan *chan; /* NULL: DEFAULT, or nil */
    struct waiter waiter;
    uint32_t look; /* the i-th case to look at is entries[entries[i].look] */
    uint32_t lock; /* the i-th channel to lock is that of entries[entries[i].lock] */
};

struct selection {
    struct entry *entries;
    uint32_t count;    /* cases */
    uint32_t channels; /* cases with a channel: what the two orders hold */
    bool has_default;
    bool all_locked; /* step 2 and later; else only the channel that is looked at */
    struct site site;
};

static enum channel_side side_of(const struct entry *entry)
{
    return entry->what->direction == CHAN_SEND ? SIDE_SEND : SIDE_RECEIVE;
}

static struct wait_queue *queue_of(struct entry *entry)
{
    return entry->what->direction == CHAN_SEND ? &entry->chan->senders : &entry->chan->receivers;
}

/* --- pass 0 --- */

/* Restores the heap below `root`; the largest address is on top. */
static void sift_down(struct entry *entries, uint32_t root, uint32_t count)
{
    for (uint32_t child; (child = 2 * root + 1) < count; root = child) {
        uint32_t saved = entries[root].lock;

        if (child + 1 < count &&
            entries[entries[child].lock].chan < entries[entries[child + 1].lock].chan)
            child++;
        if (entries[saved].chan >= entries[entries[child].lock].chan)
            return;
        entries[root].lock = entries[child].lock;
        entries[child].lock = saved;
    }
}

static void order_locks(struct entry *entries, uint32_t count)
{
    for (uint32_t i = count / 2; i-- > 0;)
        sift_down(entries, i, count);
    for (uint32_t end = count; end-- > 1;) {
        uint32_t largest = entries[0].lock;

        entries[0].lock = entries[end].lock;
        entries[end].lock = largest;
        sift_down(entries, 0, end);
    }
}

static void prepare(struct selection *s, struct chan_case *cases)
{
    for (uint32_t i = 0; i < s->count; i++) {
        struct entry *entry = &s->entries[i];
        uint32_t k;

        entry->what = &cases[i];
        entry->chan = cases[i].direction == CHAN_DEFAULT ? NULL : chan_of(cases[i].chan);
        s->has_default |= cases[i].direction == CHAN_DEFAULT;
        if (!entry->chan)
            continue;
        k = random_below(s->channels + 1); /* Fisher and Yates, from inside out */
        s->entries[s->channels].look = s->entries[k].look;
        s->entries[k].look = i;
        s->entries[s->channels++].lock = i;
    }
}

/* --- all locks; a channel that is listed twice is locked once --- */

static struct chan *locked_at(const struct selection *s, uint32_t i)
{
    return s->entries[s->entries[i].lock].chan;
}

static void lock_all(struct selection *s)
{
    s->all_locked = true;
    for (uint32_t i = 0; i < s->channels; i++)
        if (i == 0 || locked_at(s, i) != locked_at(s, i - 1))
            lock_take(&locked_at(s, i)->lock);
}

static void unlock_all_but(const struct selection *s, const struct chan *kept)
{
    for (uint32_t i = s->channels; i-- > 0;)
        if ((i == 0 || locked_at(s, i) != locked_at(s, i - 1)) && locked_at(s, i) != kept)
            lock_give(&locked_at(s, i)->lock);
}

/* --- passes 1 and 2 --- */

static void unlock_others(const struct selection *s, const struct chan *c)
{
    if (s->all_locked)
        unlock_all_but(s, c);
}

/* The channel's lock is held, or all are. True: this case happened, and they are given back. */
static bool happens_now(const struct selection *s, struct entry *entry)
{
    struct chan *c = entry->chan;
    struct channel *record = c->record;
    struct parker *woken;
    bool done, ok = true, ordered = true;

    if (c->freed || (entry->what->direction == CHAN_SEND && c->closed)) {
        unlock_others(s, c);
        if (c->freed)
            chan_panic_freed(c, s->site);
        chan_panic_closed(c, s->site);
    }
    if (entry->what->direction == CHAN_SEND) {
        woken = chan_send_now(c, entry->what->elem, &done);
    } else {
        chan_tick(c);
        woken = chan_receive_now(c, entry->what->elem, &ok, &done);
    }
    if (!done)
        return false;
    event_chan_asks(record, side_of(entry), s->site);
    unlock_others(s, c);
    if (c->after)
        after_received(c);
    else
        lock_give(&c->lock);
    event_chan_passed(record, side_of(entry), ordered);
    if (woken)
        unpark(woken);
    if (entry->what->ok)
        *entry->what->ok = ok;
    return true;
}

static int one_by_one(const struct selection *s)
{
    for (uint32_t i = 0; i < s->channels; i++) {
        struct entry *entry = &s->entries[s->entries[i].look];

        lock_take(&entry->chan->lock);
        if (happens_now(s, entry))
            return (int)(entry - s->entries);
        lock_give(&entry->chan->lock);
    }
    return -1;
}

/* All locks are held, and given back if a case happened. */
static int at_one_moment(const struct selection *s)
{
    for (uint32_t i = 0; i < s->channels; i++) {
        struct entry *entry = &s->entries[s->entries[i].look];

        if (happens_now(s, entry))
            return (int)(entry - s->entries);
    }
    return -1;
}

/* --- pass 3 --- */

/* In the order of the source, with the nil ones: reports name the cases by it. */
static void tell_cases(const struct selection *s, struct event_case *told)
{
    for (uint32_t i = 0; i < s->count; i++) {
        const struct entry *entry = &s->entries[i];

        told[i] = (struct event_case){.channel = entry->chan ? entry->chan->record : NULL,
                                      .address = entry->chan,
                                      .side = side_of(entry),
                                      .nil = !entry->chan};
    }
}

/* The locks are held, and given back. *waiting says how it was decided. */
static void wait_for_one(struct selection *s, struct waiting *waiting, struct event_case *told)
{
    int64_t until = INT64_MAX;

    for (uint32_t i = 0; i < s->channels; i++) {
        struct entry *entry = &s->entries[s->entries[i].look];

        entry->waiter = (struct waiter){
            .waiting = waiting, .elem = entry->what->elem, .index = (int)(entry - s->entries)};
        event_chan_asks(entry->chan->record, side_of(entry), s->site);
        chan_enqueue(queue_of(entry), &entry->waiter);
        if (entry->what->direction == CHAN_RECEIVE && entry->chan->due < until)
            until = entry->chan->due;
    }
    unlock_all_but(s, NULL);
    if (park_awake(waiting->parker))
        return;
    tell_cases(s, told);
    event_select_block(told, s->count, until != INT64_MAX, s->site);
    if (!park(waiting->parker, until) && !waiting_decide(waiting, WAIT_TIMEOUT))
        park(waiting->parker, PARK_FOREVER); /* decided at the last moment: the token is coming */
    event_unblock();
}

/* --- pass 4 --- */

/* All locks are held, and given back. */
static void leave_queues(struct selection *s)
{
    for (uint32_t i = 0; i < s->channels; i++) {
        struct entry *entry = &s->entries[s->entries[i].look];

        chan_unqueue(queue_of(entry), &entry->waiter);
    }
    unlock_all_but(s, NULL);
}

static int finish(struct selection *s, const struct waiting *waiting, struct channel *record)
{
    struct entry *entry = &s->entries[waiting->decided];

    if (entry->what->direction == CHAN_SEND && !waiting->ok) {
        lock_take(&entry->chan->lock);
        chan_panic_closed(entry->chan, s->site);
    }
    event_chan_passed(record, side_of(entry), true);
    if (entry->what->ok)
        *entry->what->ok = waiting->ok;
    return waiting->decided;
}

static void tell_may_wait(const struct selection *s)
{
    const struct entry *only = &s->entries[s->entries[0].look];

    event_chan_may_wait(only->chan->record, side_of(only), s->site);
}

static int run(struct selection *s, struct event_case *told)
{
    struct waiting waiting;
    int happened = -1;

    if (s->channels > 1 && !s->has_default)
        happened = one_by_one(s);
    if (happened >= 0)
        return happened;
    order_locks(s->entries, s->channels);
    for (;;) {
        lock_all(s);
        if (s->channels == 1 && !s->has_default)
            tell_may_wait(s);
        happened = at_one_moment(s);
        if (happened >= 0)
            return happened;
        if (s->has_default) {
            unlock_all_but(s, NULL);
            return -1;
        }
        waiting = (struct waiting){.parker = park_self(), .decided = WAIT_OPEN};
        wait_for_one(s, &waiting, told);
        lock_all(s);
        leave_queues(s);
        if (waiting.decided >= 0)
            return finish(s, &waiting, s->entries[waiting.decided].chan->record);
    }
}

static _Noreturn void block_for_ever(const struct selection *s, struct event_case *told)
{
    tell_cases(s, told);
    event_select_block(told, s->count, false, s->site);
    for (;;)
        park(park_self(), PARK_FOREVER);
}

int chan_select_cases(struct chan_case *cases, size_t n)
{
    struct entry few[FEW];
    struct event_case told_few[FEW];
    struct selection s = {.entries = few, .count = (uint32_t)n, .site = CALL_SITE()};
    struct event_case *told = told_few;
    int result;

    if (n > FEW) {
        s.entries = malloc(n * (sizeof *s.entries + sizeof *told));
        if (!s.entries)
            panic_fatal("runtime: out of memory");
        told = (struct event_case *)(s.entries + n);
    }
    prepare(&s, cases);
    if (!s.channels && !s.has_default)
        block_for_ever(&s, told);
    result = run(&s, told);
    if (s.entries != few)
        free(s.entries);
    return result;
}
