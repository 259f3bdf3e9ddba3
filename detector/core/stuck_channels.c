/* SPDX-License-Identifier: MIT */
/*
 * How is a goroutine told that waits at a channel for ever? What it does there, who was its last
 * partner, and where that one went.
 */
#include "detector/core/stuck_channels.h"

#include "detector/core/channel.h"

#include <stdio.h>

static const struct event_case *cases_of(const struct snapshot *snapshot, uint32_t i)
{
    return snapshot->cases + snapshot->threads[i].first_case;
}

bool stuck_is_channels(const struct wait *wait)
{
    return wait->kind >= WAIT_SEND && wait->kind <= WAIT_WAITGROUP;
}

bool stuck_on_nil(const struct snapshot *snapshot, uint32_t i)
{
    const struct snapshot_thread *thread = &snapshot->threads[i];

    return (thread->wait.kind == WAIT_SEND || thread->wait.kind == WAIT_RECEIVE) &&
           thread->case_count && cases_of(snapshot, i)->nil;
}

unsigned stuck_object(const struct snapshot *snapshot, uint32_t i)
{
    const struct snapshot_thread *thread = &snapshot->threads[i];
    const struct event_case *cases = cases_of(snapshot, i);

    if (thread->wait.kind == WAIT_SELECT || stuck_on_nil(snapshot, i))
        return 0;
    if (snapshot_at_channel(thread) && thread->case_count)
        return finding_channel(cases->channel, cases->address);
    return thread->wait.object
               ? finding_object(thread->wait.object, object_kind_of_wait(&thread->wait))
               : 0;
}

bool stuck_waits_for_itself(const struct snapshot *snapshot, uint32_t i)
{
    const struct wait *wait = &snapshot->threads[i].wait;

    return wait->kind == WAIT_WAITGROUP && thread_at(i)->serves == wait->object;
}

/* --- the sentence --- */

/* What it does there, as the sentence goes on from its name. */
static void write_operation(char *text, size_t size, const struct snapshot *snapshot, uint32_t i)
{
    static const char *const patterns[] = {[WAIT_SEND] = "waits to send on {object:%u}",
                                           [WAIT_RECEIVE] = "waits to receive from {object:%u}",
                                           [WAIT_SELECT] = "waits in a select",
                                           [WAIT_WAITGROUP] = "waits for {object:%u}"};

    snprintf(text, size, patterns[snapshot->threads[i].wait.kind], stuck_object(snapshot, i));
}

static bool is_timer(const struct snapshot *snapshot, uint32_t i)
{
    return snapshot->threads[i].wait.kind == WAIT_RECEIVE && snapshot->threads[i].case_count &&
           cases_of(snapshot, i)->channel && cases_of(snapshot, i)->channel->timer;
}

static bool had_partner(const struct snapshot *snapshot, uint32_t i)
{
    const struct event_case *what = cases_of(snapshot, i);

    return snapshot->threads[i].case_count && what->channel &&
           what->channel->ends[!what->side].count;
}

/* And why nobody serves it. */
static void write_reason(char *text, size_t size, const struct snapshot *snapshot, uint32_t i)
{
    const struct snapshot_thread *stuck = &snapshot->threads[i];
    const struct object *object = object_find(stuck->wait.object);
    unsigned open = object && object->service ? object->service->parties : 0;
    bool partner = had_partner(snapshot, i);

    switch (stuck->wait.kind) {
    case WAIT_SEND:
        snprintf(text, size,
                 partner ? ", and nobody is left to receive from it"
                         : ", from which nobody receives");
        break;
    case WAIT_RECEIVE:
        if (is_timer(snapshot, i))
            snprintf(text, size, ", a timer that was stopped or has fired already");
        else
            snprintf(text, size,
                     partner ? ", and nobody is left to send on it or to close it"
                             : ", on which nobody sends");
        break;
    case WAIT_SELECT:
        snprintf(text, size,
                 stuck->case_count ? ", and nobody is left to serve any of its cases"
                                   : " without cases, for ever");
        break;
    default:
        if (stuck_waits_for_itself(snapshot, i))
            snprintf(text, size, ", and is itself a task of it that is not done");
        else
            snprintf(text, size, ", and nobody is left to do the %u %s that %s open", open,
                     open == 1 ? "task" : "tasks", open == 1 ? "is" : "are");
    }
}

static void tell_nil(const struct snapshot *snapshot, uint32_t i)
{
    finding_message(snapshot->threads[i].wait.kind == WAIT_SEND
                        ? "{thread:%u} sends on a nil channel, which blocks for ever"
                        : "{thread:%u} receives from a nil channel, which blocks for ever",
                    thread_at(i)->id);
}

void stuck_tell_channel(const struct snapshot *snapshot, uint32_t i,
                        const struct snapshot_thread *behind, uint32_t behind_id, uint32_t waiting)
{
    char operation[80], reason[80], rest[64] = "";

    if (stuck_on_nil(snapshot, i)) {
        tell_nil(snapshot, i);
        return;
    }
    write_operation(operation, sizeof operation, snapshot, i);
    if (behind) {
        finding_message("{thread:%u} %s while it holds {object:%u}, for which {thread:%u} waits",
                        thread_at(i)->id, operation,
                        finding_object(behind->wait.object, object_kind_of_wait(&behind->wait)),
                        behind_id);
        return;
    }
    write_reason(reason, sizeof reason, snapshot, i);
    if (waiting)
        snprintf(rest, sizeof rest, "; %u more %s behind it", waiting,
                 waiting == 1 ? "waits" : "wait");
    finding_message("{thread:%u} %s%s%s", thread_at(i)->id, operation, reason, rest);
}

/* --- the places --- */

void stuck_tell_channel_places(const struct snapshot *snapshot, uint32_t i, bool primary)
{
    const struct wait *wait = &snapshot->threads[i].wait;
    struct where where = {wait->stack, wait->pc};
    uint32_t id = thread_at(i)->id;
    unsigned number = stuck_object(snapshot, i);

    if (wait->kind == WAIT_SELECT)
        finding_place(id, where, primary, "{thread:%u} waits in this select", id);
    else if (wait->kind == WAIT_WAITGROUP)
        finding_place(id, where, primary, "{thread:%u} waits for {object:%u} here", id, number);
    else if (!number)
        finding_place(id, where, primary, "{thread:%u} blocks here for ever", id);
    else if (wait->kind == WAIT_SEND)
        finding_place(id, where, primary, "{thread:%u} waits to send on {object:%u} here", id,
                      number);
    else
        finding_place(id, where, primary, "{thread:%u} waits to receive from {object:%u} here", id,
                      number);
}

static void tell_partner(const struct event_case *what, uint32_t i)
{
    const struct channel_end *end = &what->channel->ends[!what->side];
    const struct channel_partner *last = &end->partners[end->last];
    const struct thread *thread = channel_thread(last->index, last->thread);
    unsigned number = finding_channel(what->channel, what->address);
    const char *fate = thread ? "" : ", and has ended";
    const char *which = end->count == 1 && !end->strangers && !end->renewed ? "the only"
                                                                            : "the last";
    struct where where = {last->stack, last->pc};

    if (thread && thread->index == i)
        return;
    if (what->side == SIDE_SEND)
        finding_place(last->thread, where, false,
                      "{thread:%u}, %s receiver of {object:%u}, was here last%s", last->thread,
                      which, number, fate);
    else
        finding_place(last->thread, where, false,
                      "{thread:%u}, %s sender on {object:%u}, was here last%s", last->thread, which,
                      number, fate);
    finding_thread_at(last->thread, where);
}

void stuck_tell_partners(const struct snapshot *snapshot, uint32_t i)
{
    const struct snapshot_thread *thread = &snapshot->threads[i];

    for (uint32_t k = 0; snapshot_at_channel(thread) && k < thread->case_count && k < 4; k++) {
        const struct event_case *what = &cases_of(snapshot, i)[k];

        if (what->channel && !what->channel->context && what->channel->ends[!what->side].count)
            tell_partner(what, i);
    }
}

/* --- advice --- */

const char *stuck_channel_help(const struct snapshot *snapshot, uint32_t i, bool under_lock)
{
    const struct snapshot_thread *thread = &snapshot->threads[i];

    if (under_lock)
        return "give the lock back before the channel operation: copy under the lock what is to be "
               "sent, then send it";
    if (stuck_on_nil(snapshot, i))
        return "make the channel with chan_make() before anybody uses it";
    switch (thread->wait.kind) {
    case WAIT_SEND:
        if (channel_holds_places(cases_of(snapshot, i)->channel))
            return "give the place back on every path, also on the error paths";
        return "receive everything that is sent, or let the sender give up too: a select with a "
               "context, or a buffer with room for every value";
    case WAIT_RECEIVE:
        if (is_timer(snapshot, i))
            return "a timer has one value; after that, or after timer_stop(), receive only when "
                   "timer_reset() was called";
        if (!had_partner(snapshot, i))
            return "send, or close the channel, on every path, also on the error paths; or give the "
                   "wait an end of its own: a select with a context or a timeout";
        return "close the channel when nothing more will be sent, on every path; a receiver's loop "
               "ends with that";
    case WAIT_SELECT:
        return "give the select a case that is served in the end: a context that somebody cancels, "
               "or a timeout";
    case WAIT_WAITGROUP:
        return "call waitgroup_done() for each task on every path, also on the error paths; "
               "waitgroup_go() does it by itself";
    default:
        return NULL;
    }
}

const char *stuck_channel_lesson(const struct snapshot *snapshot, uint32_t i, bool under_lock)
{
    if (under_lock)
        return "deadlocks/chan-op-under-lock";
    if (stuck_on_nil(snapshot, i))
        return "channels/nil-channel";
    if (is_timer(snapshot, i))
        return "context/timer-misuse";
    switch (snapshot->threads[i].wait.kind) {
    case WAIT_SEND:
        return "lifetime/leak-blocked-send";
    case WAIT_WAITGROUP:
        return "waiting/wg-wait-never-zero";
    case WAIT_RECEIVE:
        return had_partner(snapshot, i) ? "lifetime/range-without-close"
                                        : "lifetime/leak-blocked-recv";
    default:
        return "lifetime/leak-blocked-recv";
    }
}
