/* SPDX-License-Identifier: MIT */
/*
 * How is an actual deadlock told?
 *
 * One sentence for the core of the group, by what it waits for; then every thread of the process
 * with what it holds and waits for, the core marked; then the places where the core took what it
 * holds and where it asks for what it does not get.
 */
#include "detector/core/stuck_report.h"

#include "detector/core/channel.h"
#include "detector/core/stuck_channels.h"

#include <stdio.h>
#include <string.h>

enum { THREADS_TOLD = 24, CORE_TOLD = 12 };

static bool in_core(const struct stuck_group *group, uint32_t i)
{
    return group->snapshot->nodes[i].dead && group->group[i] == group->id && group->core[i];
}

static uint32_t core_size(const struct stuck_group *group)
{
    uint32_t size = 0;

    for (uint32_t i = 0; i < group->snapshot->count; i++)
        size += in_core(group, i);
    return size;
}

/* Of a large core the first few are told in detail; the sentence says how many there are. */
static bool is_told(const struct stuck_group *group, uint32_t i)
{
    uint32_t before = 0;

    for (uint32_t k = 0; k < i && before < CORE_TOLD; k++)
        before += in_core(group, k);
    return in_core(group, i) && before < CORE_TOLD;
}

/* A send that nobody receives says more than the receive, or the WaitGroup, that waits for it. */
static unsigned rank(enum wait_kind kind)
{
    return kind == WAIT_SEND ? 0 : kind == WAIT_RECEIVE || kind == WAIT_SELECT ? 1 : 2;
}

/* The member of the core that the report is about. */
static uint32_t first_of_core(const struct stuck_group *group)
{
    const struct snapshot *snapshot = group->snapshot;
    uint32_t first = snapshot->count;

    for (uint32_t i = 0; i < snapshot->count; i++)
        if (in_core(group, i) &&
            (first == snapshot->count ||
             rank(snapshot->threads[i].wait.kind) < rank(snapshot->threads[first].wait.kind)))
            first = i;
    return first;
}

static struct where where_of(const struct wait *wait)
{
    return (struct where){wait->stack, wait->pc};
}

/* --- the sentence --- */

/* Who of the group waits for a lock that thread i holds? `count`: if nobody does. */
static uint32_t waits_behind_lock(const struct stuck_group *group, uint32_t i)
{
    uint32_t k = 0;

    while (k < group->snapshot->count &&
           !(group->snapshot->nodes[k].dead && group->group[k] == group->id &&
             group->snapshot->threads[k].owner == thread_at(i) && k != i &&
             group->snapshot->threads[k].wait.object))
        k++;
    return k;
}

static bool under_lock(const struct stuck_group *group, uint32_t i)
{
    return waits_behind_lock(group, i) < group->snapshot->count;
}

static void tell_channel(const struct stuck_group *group, uint32_t i)
{
    const struct snapshot *snapshot = group->snapshot;
    uint32_t behind = waits_behind_lock(group, i), members = 0;

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
                        "were copied from a held lock, or overwritten", number, owner);
    else if (stuck->lost_owner)
        finding_message("{thread:%u} waits for {object:%u}, which {thread:%u} held when the "
                        "process forked; {thread:%u} does not exist in this child",
                        id, number, owner, owner);
    else if (stuck->exited_owner)
        finding_message("{thread:%u} waits for {object:%u}, which {thread:%u} held when it ended",
                        id, number, owner);
    else if (stuck->wait.kind == WAIT_COND)
        finding_message("{thread:%u} waits for a signal of {object:%u}, and nobody is left to "
                        "send it", id, number);
    else if (stuck->wait.kind == WAIT_SEMAPHORE)
        finding_message("{thread:%u} waits for a post of {object:%u}, and nobody is left to do it",
                        id, number);
    else if (stuck->wait.kind == WAIT_BARRIER && object && object->service)
        finding_message("{thread:%u} waits at {object:%u}, which %u of %u threads have reached, "
                        "and nobody is left to come",
                        id, number, object->service->waiters, object->service->parties);
    else if (stuck->wait.kind == WAIT_JOIN && !stuck->owner)
        finding_message("{thread:%u} waits for the end of {thread:%u}, which has ended and was "
                        "joined by another thread", id, stuck->wait.target);
    else if (stuck->wait.kind == WAIT_DESTROY)
        finding_message("{thread:%u} destroys {object:%u}, and waits for those who wait on it",
                        id, number);
    else if (stuck->owner && stuck->owner->index == i)
        finding_message("{thread:%u} waits for {object:%u}, which it holds itself", id, number);
    else
        finding_message("{thread:%u} waits for ever", id);
}

static void tell_circle(const struct stuck_group *group, uint32_t size)
{
    char text[200];
    size_t length = 0;
    uint32_t told = 0;
    bool any = false;

    for (uint32_t i = 0; i < group->snapshot->count; i++) {
        if (!in_core(group, i))
            continue;
        any |= group->snapshot->threads[i].by_any;
        if (++told <= 3)
            length += (size_t)snprintf(text + length, sizeof text - length, "%s{thread:%u}",
                                       told == 1 ? "" : told == size ? " and " : ", ",
                                       thread_at(i)->id);
    }
    if (size > 3)
        snprintf(text, sizeof text, "%u threads", size);
    finding_message(any ? "%s wait, and nobody is left to wake them" : "%s wait for each other",
                    text);
}

/* --- the threads --- */

static uint32_t waits_for(const struct snapshot *snapshot, uint32_t i, uint32_t *ids, uint32_t most)
{
    const struct wait_node *node = &snapshot->nodes[i];
    uint32_t count = 0;

    for (uint32_t k = 0; k < node->count && count < most; k++) {
        uint32_t next = snapshot->successors[node->first + k];

        if (next < snapshot->count)
            ids[count++] = thread_at(next)->id;
    }
    if (!count && snapshot->threads[i].owner)
        ids[count++] = snapshot->threads[i].owner->id;
    return count;
}

/* First the core, then the others of the group, then whoever else is alive, as many as fit. */
static void tell_threads(const struct stuck_group *group)
{
    const struct snapshot *snapshot = group->snapshot;
    uint32_t ids[THREADS_TOLD], told = 0;
    bool at_channels = stuck_is_channels(&snapshot->threads[first_of_core(group)].wait);

    for (unsigned pass = 0; pass < 3; pass++)
        for (uint32_t i = 0; i < snapshot->count && told < THREADS_TOLD; i++) {
            bool member = snapshot->nodes[i].dead && group->group[i] == group->id;
            unsigned turn = in_core(group, i) ? 0 : member ? 1 : 2;

            if (turn != pass || (!member && thread_at(i)->state != THREAD_ALIVE))
                continue;
            finding_thread(thread_at(i), turn == 0 || (member && at_channels), ids,
                           waits_for(snapshot, i, ids, THREADS_TOLD));
            told++;
        }
    for (uint32_t i = 0; i < snapshot->count; i++)
        if (in_core(group, i) && snapshot->threads[i].owner &&
            snapshot->threads[i].owner->state != THREAD_ALIVE)
            finding_thread(snapshot->threads[i].owner, false, NULL, 0);
}

/* Where the owner of what thread i waits for took it. */
static const struct held_lock *taken_by_owner(const struct stuck_group *group, uint32_t i)
{
    struct thread *owner = group->snapshot->threads[i].owner;

    return owner && group->snapshot->threads[i].wait.object
               ? held_find(&owner->held, group->snapshot->threads[i].wait.object)
               : NULL;
}

static void tell_places(const struct stuck_group *group)
{
    for (uint32_t i = 0; i < group->snapshot->count; i++) {
        const struct snapshot_thread *stuck = &group->snapshot->threads[i];
        const struct held_lock *lock;
        uint32_t id = thread_at(i)->id;

        if (!is_told(group, i))
            continue;
        lock = taken_by_owner(group, i);
        if (lock)
            finding_place(stuck->owner->id, (struct where){lock->stack, lock->pc}, false,
                          "{thread:%u} took {object:%u} here", stuck->owner->id,
                          finding_object(lock->object, object_kind_of_lock(lock->kind)));
        if (stuck_is_channels(&stuck->wait))
            stuck_tell_channel_places(group->snapshot, i, i == first_of_core(group));
        else if (stuck->wait.object)
            finding_place(id, where_of(&stuck->wait), i == first_of_core(group),
                          "{thread:%u} waits for {object:%u} here", id,
                          stuck_object(group->snapshot, i));
        else
            finding_place(id, where_of(&stuck->wait), i == first_of_core(group),
                          "{thread:%u} waits here for the end of {thread:%u}", id,
                          stuck->wait.target);
    }
}

/* --- what had happened --- */

/* The last signal came before the wait; it woke nobody, or somebody else's turn was served by it. */
static bool tell_lost_wakeup(const struct stuck_group *group)
{
    for (uint32_t i = 0; i < group->snapshot->count; i++) {
        const struct wait *wait = &group->snapshot->threads[i].wait;
        bool by_any = in_core(group, i) && group->snapshot->threads[i].by_any;
        const struct object *cond = by_any && wait->kind == WAIT_COND ? object_find(wait->object)
                                                                      : NULL;
        const struct object_event *last = cond && cond->service ? &cond->service->last : NULL;

        if (!last || !last->thread || last->when > wait->since)
            continue;
        if (cond->service->last_met_waiter) {
            finding_place(last->thread, (struct where){last->stack, last->pc}, false,
                          "{thread:%u} sent the last signal of {object:%u} here; it was received, "
                          "and none followed",
                          last->thread, finding_object(wait->object, OBJECT_COND));
            return false;
        }
        finding_place(last->thread, (struct where){last->stack, last->pc}, false,
                      "{thread:%u} sent the last signal of {object:%u} here, before {thread:%u} "
                      "began to wait: it was lost",
                      last->thread, finding_object(wait->object, OBJECT_COND), thread_at(i)->id);
        finding_thread_at(last->thread, (struct where){last->stack, last->pc});
        finding_turn(last->thread, "signal", finding_object(wait->object, OBJECT_COND),
                     (struct where){last->stack, last->pc}, 0);
        finding_help("keep what is waited for in a variable, change it under the mutex before the "
                     "signal, and wait in a loop that tests it: a signal is not remembered");
        return true;
    }
    return false;
}

/* What would have prevented it, where the catalogue's general advice is too general. */
static const char *help_for(const struct snapshot_thread *stuck)
{
    if (stuck->exited_owner)
        return "unlock on every path out of the function, also the early ones";
    if (stuck->lost_owner)
        return "between fork and exec use only async-signal-safe functions, or take the lock "
               "around fork with pthread_atfork";
    if (stuck->copied)
        return "never copy a struct that holds a lock; pass a pointer";
    switch (stuck->wait.kind) {
    case WAIT_SEMAPHORE:
        return "post once for each wait, on every path, also on the error paths";
    case WAIT_BARRIER:
        return "give the barrier the number of threads that really come, also when one gives up";
    case WAIT_COND:
        return "make sure that a thread which changes the condition is left, and signals after "
               "every change; when the producers end, tell the waiters to end too";
    case WAIT_JOIN:
        return "join each thread exactly once, from one place";
    case WAIT_DESTROY:
        return "join or wake all waiters before destroying";
    default:
        return NULL;
    }
}

/* The turns: first what is held, then what is asked for. */
static void tell_turns(const struct stuck_group *group)
{
    const struct snapshot *snapshot = group->snapshot;

    for (uint32_t i = 0; i < snapshot->count; i++) {
        const struct held_lock *lock = is_told(group, i) ? taken_by_owner(group, i) : NULL;

        if (lock)
            finding_turn(snapshot->threads[i].owner->id, lock->kind == LOCK_SEMAPHORE ? "sem-wait"
                                                         : lock->kind != LOCK_RWLOCK ? "lock"
                                                         : lock->mode == MODE_SHARED ? "read-lock"
                                                                                     : "write-lock",
                         finding_object(lock->object, object_kind_of_lock(lock->kind)),
                         (struct where){lock->stack, lock->pc}, 0);
    }
    for (uint32_t i = 0; i < snapshot->count; i++) {
        const struct snapshot_thread *stuck = &snapshot->threads[i];

        if (!is_told(group, i))
            continue;
        finding_turn(thread_at(i)->id, operation_of_wait(&stuck->wait),
                     stuck_object(snapshot, i),
                     where_of(&stuck->wait),
                     stuck->owner ? stuck->owner->id : stuck->wait.target);
    }
}

static void tell_cycle(const struct stuck_group *group)
{
    for (uint32_t i = 0; i < group->snapshot->count; i++) {
        const struct snapshot_thread *stuck = &group->snapshot->threads[i];
        unsigned holds = 0;

        if (!is_told(group, i) || !stuck->owner)
            continue;
        for (uint32_t k = 0; k < group->snapshot->count && !holds; k++)
            if (in_core(group, k) && group->snapshot->threads[k].owner == thread_at(i))
                holds = stuck_object(group->snapshot, k);
        finding_cycle(thread_at(i)->id, holds, stuck_object(group->snapshot, i));
    }
}

static void tell_help(const struct stuck_group *group, uint32_t size)
{
    uint32_t first = first_of_core(group);
    const struct snapshot_thread *stuck = &group->snapshot->threads[first];
    const char *help = NULL;

    if (stuck_is_channels(&stuck->wait))
        help = stuck_channel_help(group->snapshot, first, under_lock(group, first));
    else if (size == 1)
        help = help_for(stuck);
    if (help)
        finding_help("%s", help);
}

/* --- name, lesson, time --- */

static struct finding_head head_of(const struct stuck_group *group, uint32_t size)
{
    const struct snapshot_thread *first = &group->snapshot->threads[first_of_core(group)];
    struct finding_head head = {.name = "deadlock",
                                .severity = SEVERITY_ERROR,
                                .confidence = group->confidence,
                                .lesson = "deadlocks/abba-lock-order"};
    int64_t since = 0;

    for (uint32_t i = 0; i < group->snapshot->count; i++)
        if (in_core(group, i) && group->snapshot->threads[i].wait.since > since)
            since = group->snapshot->threads[i].wait.since;
    head.after_ns = group->now - since;
    if (size > 2 && !first->by_any)
        head.lesson = "deadlocks/lock-cycle-n";
    if (size == 1 && first->owner && first->owner->index == first_of_core(group))
        head.name = "self-deadlock";
    if (size == 1 && first->copied)
        head.name = "copied-lock", head.lesson = "locks/copied-lock";
    if (size == 1 && first->lost_owner)
        head.name = "fork-holding-lock", head.lesson = NULL;
    if (size == 1 && stuck_on_nil(group->snapshot, first_of_core(group)))
        head.name = "nil-channel";
    if (size == 1 && first->exited_owner)
        head.lesson = "locks/missing-unlock-early-return";
    if (stuck_is_channels(&first->wait))
        head.lesson = stuck_channel_lesson(group->snapshot, first_of_core(group),
                                         under_lock(group, first_of_core(group)));
    else if (first->by_any)
        head.lesson = first->wait.kind == WAIT_BARRIER ? "waiting/barrier-misuse"
                                                       : "waiting/lost-wakeup";
    return head;
}

void stuck_report(const struct stuck_group *group)
{
    uint32_t size = core_size(group);
    struct finding_head head;

    if (!size)
        return;
    head = head_of(group, size);
    if (!finding_begin(&head))
        return;
    if (size == 1)
        tell_single(group, first_of_core(group));
    else
        tell_circle(group, size);
    tell_threads(group);
    tell_cycle(group);
    tell_places(group);
    for (uint32_t i = 0; i < group->snapshot->count; i++)
        if (is_told(group, i))
            stuck_tell_partners(group->snapshot, i);
    if (group->at_rest && channel_any)
        finding_heading("fatal error: all goroutines are asleep - deadlock!");
    if (!tell_lost_wakeup(group))
        tell_help(group, size);
    tell_turns(group);
    finding_end();
}
