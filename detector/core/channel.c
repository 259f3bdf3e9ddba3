/* SPDX-License-Identifier: MIT */
/*
 * Who was seen at which end of a channel?
 *
 * 1. Each operation says so before it is known whether it has to wait: who waits for a value is a
 *    receiver already. The same thread at the same place as the last time costs a comparison.
 * 2. A thread that comes for the first time is added to the end's partners. When there is no more
 *    room, those that have ended go, but for the last: reports name it.
 * 3. What it knows of other threads' locks goes over to the other side, as with semaphores: a send
 *    to the receiver; a receive to the sender that needs the room it made. Which of many receives
 *    that was is not known: all that came before count, and less is found.
 */
#include "detector/core/runtime_event.h"

#include "detector/core/arena.h"
#include "detector/core/channel_misuse.h"
#include "detector/core/knowledge.h"
#include "detector/core/under_lock.h"

#include <string.h>

bool channel_any;

static struct channel *free_records; /* the detector's lock */

static struct object_event event_at(struct thread *thread, struct site site)
{
    return (struct object_event){thread ? thread->id : 0, sys_now(), site.pc,
                                 thread ? stack_here(&thread->sites, site) : NULL};
}

struct channel *event_chan_made(const void *chan, size_t capacity, struct site site)
{
    struct thread *thread = thread_current;
    struct object_event made = event_at(thread, site);
    struct detector_guard guard;
    struct channel *channel;

    guard = detector_enter(thread);
    channel = free_records;
    if (channel)
        free_records = channel->next;
    else
        channel = arena_alloc(sizeof *channel);
    if (channel) {
        channel->address = chan;
        channel->capacity = capacity;
        channel->made = made;
    }
    detector_leave(guard);
    channel_any = true;
    if (thread)
        thread->remembered = true;
    return channel;
}

void event_chan_is_context(struct channel *channel)
{
    if (channel)
        channel->context = true;
}

void event_chan_is_timer(struct channel *channel)
{
    if (channel)
        channel->timer = true;
}

void event_chan_external(struct channel *channel, int by)
{
    if (channel)
        __atomic_add_fetch(&channel->external, by, __ATOMIC_RELAXED);
}

static void end_reset(struct channel_end *end)
{
    order_vector_drop(&end->known);
    arena_free(end->partners, end->capacity * sizeof *end->partners);
    *end = (struct channel_end){.partners = NULL};
}

void event_chan_freed(struct channel *channel, struct site site)
{
    if (!channel)
        return;
    channel->freed = true;
    channel->closing = event_at(thread_current, site);
    if (thread_current)
        thread_current->remembered = true;
}

void event_chan_gone(struct channel *channel)
{
    struct detector_guard guard;

    if (!channel)
        return;
    guard = detector_enter(thread_current);
    end_reset(&channel->ends[SIDE_SEND]);
    end_reset(&channel->ends[SIDE_RECEIVE]);
    *channel = (struct channel){.next = free_records};
    free_records = channel;
    detector_leave(guard);
}

/* --- partners --- */

const struct channel_partner *channel_partner(const struct channel_end *end, uint32_t thread)
{
    for (uint32_t i = 0; i < end->count; i++)
        if (end->partners[i].thread == thread)
            return &end->partners[i];
    return NULL;
}

bool channel_holds_places(const struct channel *channel)
{
    for (uint32_t i = 0; i < channel->ends[SIDE_SEND].count; i++)
        if (channel_partner(&channel->ends[SIDE_RECEIVE],
                            channel->ends[SIDE_SEND].partners[i].thread))
            return true;
    return false;
}

static bool all_ended(const struct channel_end *end)
{
    for (uint32_t i = end->count; i-- > 0;)
        if (channel_thread(end->partners[i].index, end->partners[i].thread))
            return false;
    return end->count > 0;
}

/* Step 2. */
static void drop_ended(struct channel_end *end)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < end->count; i++)
        if (i == end->last || channel_thread(end->partners[i].index, end->partners[i].thread)) {
            if (i == end->last)
                end->last = kept;
            end->partners[kept++] = end->partners[i];
        }
    end->count = kept;
}

/* The result is the place of `thread` among the partners; UINT32_MAX: no memory. */
static uint32_t add_partner(struct channel_end *end, struct thread *thread)
{
    struct detector_guard guard = detector_enter(thread);
    uint32_t place = end->count;

    for (uint32_t i = 0; i < end->count; i++)
        if (end->partners[i].thread == thread->id)
            place = i;
    if (place == end->count) {
        end->renewed |= all_ended(end);
        if (end->count == end->capacity)
            drop_ended(end);
        place = end->count;
        if (end->count == end->capacity && !arena_grow((void **)&end->partners, &end->capacity,
                                                       2 * end->count + 4, sizeof *end->partners)) {
            end->strangers = true;
            place = UINT32_MAX;
        } else {
            end->partners[end->count++] = (struct channel_partner){
                .thread = thread->id, .index = thread->index, .parent = thread->created_by};
        }
    }
    detector_leave(guard);
    thread->remembered = true;
    return place;
}

static uint32_t place_of(struct channel_end *end, struct thread *thread)
{
    uint64_t slot = (uintptr_t)end * UINT64_C(0x9e3779b97f4a7c15) >> 60;
    uint32_t place = thread->partner[slot].place;

    if (thread->partner[slot].end == end && place < end->count &&
        end->partners[place].thread == thread->id)
        return place;
    place = add_partner(end, thread);
    thread->partner[slot].end = end;
    thread->partner[slot].place = place;
    return place;
}

/* Who came more than once: kept for the last one, and for each when another comes after it. */
static void note_again(struct channel_end *end, const struct thread *thread, uint32_t place)
{
    if (end->thread == thread->id) {
        end->again = true;
        return;
    }
    if (end->thread && end->last < end->count) {
        end->partners[end->last].again |= end->again;
        end->partners[end->last].tells = end->tells;
    }
    end->again = end->partners[place].came;
    end->partners[place].came = true;
}

void channel_asks_slow(struct channel *channel, enum channel_side side, struct site site)
{
    struct channel_end *end = &channel->ends[side];
    struct thread *thread = thread_current;
    uint32_t place;

    if (!thread) {
        end->strangers = true;
        return;
    }
    place = place_of(end, thread);
    if (place == UINT32_MAX)
        return;
    if (end->partners[place].pc != site.pc) {
        end->partners[place].stack = stack_here(&thread->sites, site);
        end->partners[place].pc = site.pc;
    }
    note_again(end, thread, place);
    end->last = place;
    end->thread = thread->id;
    end->pc = site.pc;
    if (end->needs || thread->held.count || under_lock_pending(thread))
        under_lock_note(channel, side, thread, place);
    knowledge_publish(thread, &end->known);
}

void channel_accept(struct channel *channel, enum channel_side side)
{
    knowledge_accept(thread_current, &channel->ends[!side].known);
}

/* --- close --- */

void event_chan_closed(struct channel *channel, struct site site)
{
    struct thread *thread = thread_current;

    if (!channel)
        return;
    channel->closed = true;
    channel->closing = event_at(thread, site);
    if (!thread)
        return;
    thread->remembered = true;
    thread->tells++;
    knowledge_publish(thread, &channel->ends[SIDE_SEND].known);
    if (!channel->context)
        misuse_close(channel, thread, site);
}
