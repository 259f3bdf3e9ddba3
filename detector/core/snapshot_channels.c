/* SPDX-License-Identifier: MIT */
/*
 * Who could serve a goroutine that waits at a channel?
 *
 * - A sender: the receivers that were seen and live. One that has ended is gone without an heir
 *   only if it came here more than once, and nothing it did after that could tell anybody of its
 *   end; else its living ancestors, and those of the thread that made the channel, may know, and
 *   receive themselves or start another.
 * - A receiver: the senders that were seen and live, and the same heirs in any case: they may also
 *   close the channel.
 * - Also the others at one's own end, where they may give back what they took there: all receivers,
 *   and all senders if somebody was seen at both ends (a channel that counts places).
 * - Anybody, where nobody was seen yet, where somebody came who is not watched, where the partners
 *   come and go in generations, and for the done channel of a context.
 * - Something outside the process, where a timer is set.
 * - Nobody, for a nil channel.
 *
 * When the process ends, somebody who was never seen does not count any more: who is blocked then,
 * and has no partner that runs, is left behind.
 *
 * A select is served by whoever serves one of its cases. All of this but the last is what was seen
 * so far: likely, not certain, unless the whole process is at rest.
 */
#include "detector/core/snapshot.h"

#include "detector/core/channel.h"
#include "detector/core/event.h"

enum { GENERATIONS = 64 };

static uint32_t parent_of(uint32_t id)
{
    const struct thread *thread = thread_by_id(id);
    const struct obituary *obituary = thread ? NULL : thread_obituary(id);

    return thread ? thread->created_by : obituary ? obituary->created_by : 0;
}

/* The thread itself, or the nearest of its ancestors that lives; NULL: unknown. */
static struct thread *living(uint32_t id)
{
    for (unsigned i = 0; id && i < GENERATIONS; i++, id = parent_of(id)) {
        struct thread *thread = thread_by_id(id);

        if (thread && (thread->state == THREAD_ALIVE || thread->state == THREAD_STARTING))
            return thread;
    }
    return NULL;
}

static void add_once(struct snapshot *snapshot, uint32_t node, uint32_t successor)
{
    const struct wait_node *self = &snapshot->nodes[node];

    if (successor == node) /* nobody serves itself while it waits */
        return;
    for (uint32_t i = 0; i < self->count; i++)
        if (snapshot->successors[self->first + i] == successor)
            return;
    snapshot_add(snapshot, node, successor);
}

static bool add_living(struct snapshot *snapshot, uint32_t node, uint32_t id)
{
    const struct thread *thread = living(id);

    if (!thread || thread->index >= snapshot->count)
        return false;
    add_once(snapshot, node, thread->index);
    return true;
}

/* --- what is known of a partner that has ended --- */

static bool came_again(const struct channel_end *end, uint32_t i)
{
    return end->partners[i].again || (i == end->last && end->again);
}

/* After it had been here for the last time it did nothing that could tell anybody of its end. */
static bool left_silently(const struct channel_end *end, uint32_t i)
{
    const struct channel_partner *partner = &end->partners[i];
    const struct thread *thread = thread_at(partner->index);
    const struct obituary *obituary = NULL;
    uint32_t tells = i == end->last ? end->tells : partner->tells;

    if (thread->id == partner->thread)
        return thread->tells == tells;
    obituary = thread_obituary(partner->thread);
    return obituary && obituary->tells == tells;
}

/* --- partners; false: anybody may serve it --- */

static bool add_heirs(struct snapshot *snapshot, uint32_t node, const struct channel_partner *of)
{
    return add_living(snapshot, node, of->thread) || add_living(snapshot, node, of->parent);
}

static bool add_receivers(struct snapshot *snapshot, uint32_t node, const struct channel *channel)
{
    const struct channel_end *end = &channel->ends[SIDE_RECEIVE];

    for (uint32_t i = 0; i < end->count; i++) {
        const struct channel_partner *partner = &end->partners[i];
        const struct thread *thread = channel_thread(partner->index, partner->thread);

        if (thread && thread->index < snapshot->count)
            add_once(snapshot, node, thread->index);
        else if (thread)
            return false;
        else if (!(came_again(end, i) && left_silently(end, i)) &&
                 !(add_heirs(snapshot, node, partner) &&
                   add_living(snapshot, node, channel->made.thread)))
            return false;
    }
    return true;
}

static bool add_senders(struct snapshot *snapshot, uint32_t node, const struct channel *channel)
{
    const struct channel_end *end = &channel->ends[SIDE_SEND];

    for (uint32_t i = 0; i < end->count; i++)
        if (!add_heirs(snapshot, node, &end->partners[i]))
            return false;
    return add_living(snapshot, node, channel->made.thread);
}

static void add_all(struct snapshot *snapshot, uint32_t node, const struct channel_end *end)
{
    for (uint32_t i = 0; i < end->count; i++) {
        const struct thread *thread = channel_thread(end->partners[i].index,
                                                     end->partners[i].thread);

        if (thread && thread->index < snapshot->count && thread->index != node)
            add_once(snapshot, node, thread->index);
    }
}

static bool add_partners(struct snapshot *snapshot, uint32_t node, const struct event_case *what)
{
    const struct channel_end *end = &what->channel->ends[!what->side];
    struct detector_guard guard = detector_enter(NULL);
    bool known = end->count && !end->strangers && !end->renewed && !what->channel->context;

    if (known)
        known = what->side == SIDE_SEND ? add_receivers(snapshot, node, what->channel)
                                        : add_senders(snapshot, node, what->channel);
    if (known && (what->side == SIDE_RECEIVE || channel_holds_places(what->channel)))
        add_all(snapshot, node, &what->channel->ends[what->side]);
    if (!known && snapshot->leaving) {
        add_all(snapshot, node, end);
        if (what->side == SIDE_RECEIVE) /* who made it may close it, or cancel the context */
            add_living(snapshot, node, what->channel->made.thread);
    }
    detector_leave(guard);
    return known;
}

static void add_case(struct snapshot *snapshot, uint32_t node, const struct event_case *what,
                     bool *anybody)
{
    if (what->nil)
        return;
    if (!what->channel || __atomic_load_n(&what->channel->external, __ATOMIC_RELAXED) > 0)
        snapshot_add(snapshot, node, snapshot->outside);
    else if (!add_partners(snapshot, node, what))
        *anybody |= !snapshot->leaving || what->channel->ends[!what->side].strangers;
}

void snapshot_wait_for_channels(struct snapshot *snapshot, uint32_t node)
{
    struct snapshot_thread *self = &snapshot->threads[node];
    const struct event_case *cases = snapshot->cases + self->first_case;
    bool anybody = self->wait.kind == WAIT_SELECT && !self->case_count;
    uint32_t nil = 0;
    bool in_main = thread_at(node)->id == 1 && self->wait.kind == WAIT_RECEIVE;

    snapshot->nodes[node].state = NODE_WAITS_ANY;
    for (uint32_t i = 0; i < self->case_count; i++) {
        add_case(snapshot, node, &cases[i], &anybody);
        nil += cases[i].nil;
    }
    /* select {}, and a receive from nil in main, are ways to say: wait for ever, the others work. */
    if (anybody ||
        (nil && nil == self->case_count && (self->wait.kind == WAIT_SELECT || in_main))) {
        snapshot_add(snapshot, node, snapshot->anybody);
        self->by_any = true;
        return;
    }
    self->weak = nil < self->case_count;
    if (!snapshot->nodes[node].count)
        snapshot_add(snapshot, node, snapshot->never);
}

/* Certain where every task that is open is a goroutine of waitgroup_go(). */
void snapshot_wait_for_tasks(struct snapshot *snapshot, uint32_t node, const void *waitgroup)
{
    const struct object *object = object_find(waitgroup);
    uint32_t open = object && object->service ? object->service->parties : 0, known = 0;

    for (uint32_t i = 0; i < snapshot->count && open; i++)
        known += thread_at(i)->serves == waitgroup && thread_at(i)->state == THREAD_ALIVE;
    if (!open) {
        snapshot_add(snapshot, node, snapshot->outside);
        return;
    }
    if (known != open) {
        snapshot->nodes[node].state = NODE_WAITS_ANY;
        snapshot->threads[node].by_any = true;
        snapshot_add(snapshot, node, snapshot->anybody);
        return;
    }
    for (uint32_t i = 0; i < snapshot->count; i++)
        if (thread_at(i)->serves == waitgroup && thread_at(i)->state == THREAD_ALIVE)
            snapshot_add(snapshot, node, i);
}
