/* SPDX-License-Identifier: MIT */
/*
 * What is stuck, in one sentence? And which of the stuck ones is it about: of those that are the
 * reason (the core), the one whose wait says most.
 */
#include "detector/core/stuck_report.h"

#include "detector/core/stuck_channels.h"

#include <stdio.h>

enum { CORE_TOLD = 12 };

bool stuck_in_core(const struct stuck_group *group, uint32_t i)
{
    return group->snapshot->nodes[i].dead && group->group[i] == group->id && group->core[i];
}

uint32_t stuck_core_size(const struct stuck_group *group)
{
    uint32_t size = 0;

    for (uint32_t i = 0; i < group->snapshot->count; i++)
        size += stuck_in_core(group, i);
    return size;
}

bool stuck_is_told(const struct stuck_group *group, uint32_t i)
{
    uint32_t before = 0;

    for (uint32_t k = 0; k < i && before < CORE_TOLD; k++)
        before += stuck_in_core(group, k);
    return stuck_in_core(group, i) && before < CORE_TOLD;
}

/* A send that nobody receives says more than the receive, or the WaitGroup, that waits for it. */
static unsigned rank(enum wait_kind kind)
{
    return kind == WAIT_SEND ? 0 : kind == WAIT_RECEIVE || kind == WAIT_SELECT ? 1 : 2;
}

uint32_t stuck_first_of_core(const struct stuck_group *group)
{
    const struct snapshot *snapshot = group->snapshot;
    uint32_t first = snapshot->count;

    for (uint32_t i = 0; i < snapshot->count; i++)
        if (stuck_in_core(group, i) &&
            (first == snapshot->count ||
             rank(snapshot->threads[i].wait.kind) < rank(snapshot->threads[first].wait.kind)))
            first = i;
    return first;
}

uint32_t stuck_behind(const struct stuck_group *group, uint32_t i)
{
    uint32_t k = 0;

    while (k < group->snapshot->count &&
           !(group->snapshot->nodes[k].dead && group->group[k] == group->id &&
             group->snapshot->threads[k].owner == thread_at(i) && k != i &&
             group->snapshot->threads[k].wait.object))
        k++;
    return k;
}

bool stuck_under_lock(const struct stuck_group *group, uint32_t i)
{
    return stuck_behind(group, i) < group->snapshot->count;
}

static void tell_channel(const struct stuck_group *group, uint32_t i)
{
    const struct snapshot *snapshot = group->snapshot;
    uint32_t behind = stuck_behind(group, i), members = 0;

    for (uint32_t k = 0; k < snapshot->count; k++)
        members += snapshot->nodes[k].dead && group->group[k] == group->id;
    if (behind < snapshot->count)
        stuck_tell_channel(snapshot, i, &snapshot->threads[behind], thread_at(behind)->id, 0);
    else
        stuck_tell_channel(snapshot, i, NULL, 0, members - 1);
}

/* One thread whom nobody can serve. */
static void tell_single(const struct stuck_group *group, uint32_t i)
{
    const struct snapshot_thread *stuck = &group->snapshot->threads[i];
    const struct object *object = object_find(stuck->wait.object);
    uint32_t id = thread_at(i)->id, owner = stuck->owner ? stuck->owner->id : 0;
    unsigned number = stuck_object(group->snapshot, i);

    if (stuck_is_channels(&stuck->wait))
        tell_channel(group, i);
    else if (stuck->copied)
        finding_message("{object:%u} says that {thread:%u} holds it, but it does not: its bytes "
                        "were copied from a held lock, or overwritten",
                        number, owner);
    else if (stuck->lost_owner)
        finding_message("{thread:%u} waits for {object:%u}, which {thread:%u} held when the "
                        "process forked; {thread:%u} does not exist in this child",
                        id, number, owner, owner);
    else if (stuck->exited_owner)
        finding_message("{thread:%u} waits for {object:%u}, which {thread:%u} held when it ended",
                        id, number, owner);
    else if (stuck->wait.kind == WAIT_COND)
        finding_message("{thread:%u} waits for a signal of {object:%u}, and nobody is left to "
                        "send it",
                        id, number);
    else if (stuck->wait.kind == WAIT_SEMAPHORE)
        finding_message("{thread:%u} waits for a post of {object:%u}, and nobody is left to do it",
                        id, number);
    else if (stuck->wait.kind == WAIT_BARRIER && object && object->service)
        finding_message("{thread:%u} waits at {object:%u}, which %u of %u threads have reached, "
                        "and nobody is left to come",
                        id, number, object->service->waiters, object->service->parties);
    else if (stuck->wait.kind == WAIT_JOIN && !stuck->owner)
        finding_message("{thread:%u} waits for the end of {thread:%u}, which has ended and was "
                        "joined by another thread",
                        id, stuck->wait.target);
    else if (stuck->wait.kind == WAIT_DESTROY)
        finding_message("{thread:%u} destroys {object:%u}, and waits for those who wait on it", id,
                        number);
    else if (stuck->owner && stuck->owner->index == i)
        finding_message("{thread:%u} waits for {object:%u}, which it holds itself", id, number);
    else
        finding_message("{thread:%u} waits for ever", id);
}

/* "a, b and c"; of more than three, how many. */
static void write_names(char *text, size_t size, const struct stuck_group *group, uint32_t members)
{
    size_t length = 0;
    uint32_t told = 0;

    for (uint32_t i = 0; i < group->snapshot->count && members <= 3; i++)
        if (stuck_in_core(group, i))
            length += (size_t)snprintf(text + length, size - length, "%s{thread:%u}",
                                       ++told == 1       ? ""
                                       : told == members ? " and "
                                                         : ", ",
                                       thread_at(i)->id);
    if (members > 3)
        snprintf(text, size, "%u threads", members);
}

static bool all_at_one_barrier(const struct stuck_group *group)
{
    const void *barrier = group->snapshot->threads[stuck_first_of_core(group)].wait.object;

    for (uint32_t i = 0; i < group->snapshot->count; i++)
        if (stuck_in_core(group, i) && (group->snapshot->threads[i].wait.kind != WAIT_BARRIER ||
                                        group->snapshot->threads[i].wait.object != barrier))
            return false;
    return true;
}

static void tell_several(const struct stuck_group *group, uint32_t members)
{
    uint32_t first = stuck_first_of_core(group);
    const struct object *object = object_find(group->snapshot->threads[first].wait.object);
    char names[200];
    bool any = false;

    write_names(names, sizeof names, group, members);
    for (uint32_t i = 0; i < group->snapshot->count; i++)
        any |= stuck_in_core(group, i) && group->snapshot->threads[i].by_any;
    if (object && object->service && all_at_one_barrier(group))
        finding_message(
            "%s wait at {object:%u}, which %u of %u threads have reached, and nobody is "
            "left to come",
            names, stuck_object(group->snapshot, first), object->service->waiters,
            object->service->parties);
    else
        finding_message(any ? "%s wait, and nobody is left to wake them" : "%s wait for each other",
                        names);
}

void stuck_sentence(const struct stuck_group *group, uint32_t size)
{
    if (size == 1)
        tell_single(group, stuck_first_of_core(group));
    else
        tell_several(group, size);
}
