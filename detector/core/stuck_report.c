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

enum { THREADS_TOLD = 24 };

static struct where where_of(const struct wait *wait)
{
    return (struct where){wait->stack, wait->pc};
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
    bool at_channels = stuck_is_channels(&snapshot->threads[stuck_first_of_core(group)].wait);

    for (unsigned pass = 0; pass < 3; pass++)
        for (uint32_t i = 0; i < snapshot->count; i++) {
            bool member = snapshot->nodes[i].dead && group->group[i] == group->id;
            unsigned turn = stuck_in_core(group, i) ? 0 : member ? 1 : 2;

            if (turn != pass || (!member && thread_at(i)->state != THREAD_ALIVE))
                continue;
            if (told == THREADS_TOLD) {
                if (turn < 2) /* bystanders need not all be told */
                    finding_shorten();
                break;
            }
            finding_thread(thread_at(i), turn == 0 || (member && at_channels), ids,
                           waits_for(snapshot, i, ids, THREADS_TOLD));
            told++;
        }
    for (uint32_t i = 0; i < snapshot->count; i++)
        if (stuck_in_core(group, i) && snapshot->threads[i].owner &&
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

/* The lock that a thread at a channel holds, and who waits for it. */
static void tell_lock_between(const struct stuck_group *group, uint32_t i)
{
    uint32_t behind = stuck_behind(group, i);
    const struct wait *wait;
    const struct held_lock *lock;
    unsigned number;

    if (behind == group->snapshot->count)
        return;
    wait = &group->snapshot->threads[behind].wait;
    lock = held_find(&thread_at(i)->held, wait->object);
    number = stuck_object(group->snapshot, behind);
    if (lock)
        finding_place(thread_at(i)->id, (struct where){lock->stack, lock->pc}, false,
                      "{thread:%u} took {object:%u} here", thread_at(i)->id, number);
    finding_place(thread_at(behind)->id, where_of(wait), false,
                  "{thread:%u} waits for {object:%u} here", thread_at(behind)->id, number);
}

static void tell_places(const struct stuck_group *group)
{
    for (uint32_t i = 0; i < group->snapshot->count; i++) {
        const struct snapshot_thread *stuck = &group->snapshot->threads[i];
        const struct held_lock *lock;
        uint32_t id = thread_at(i)->id;

        if (!stuck_is_told(group, i))
            continue;
        lock = taken_by_owner(group, i);
        if (lock)
            finding_place(stuck->owner->id, (struct where){lock->stack, lock->pc}, false,
                          "{thread:%u} took {object:%u} here", stuck->owner->id,
                          finding_object(lock->object, object_kind_of_lock(lock->kind)));
        if (stuck_is_channels(&stuck->wait))
            tell_lock_between(group, i);
        if (stuck_is_channels(&stuck->wait))
            stuck_tell_channel_places(group->snapshot, i, i == stuck_first_of_core(group));
        else if (stuck->wait.object)
            finding_place(id, where_of(&stuck->wait), i == stuck_first_of_core(group),
                          "{thread:%u} waits for {object:%u} here", id,
                          stuck_object(group->snapshot, i));
        else
            finding_place(id, where_of(&stuck->wait), i == stuck_first_of_core(group),
                          "{thread:%u} waits here for the end of {thread:%u}", id,
                          stuck->wait.target);
    }
}

/* --- what had happened --- */

static void tell_last_signal(const void *cond, const struct object_event *last, const char *result)
{
    finding_place(last->thread, (struct where){last->stack, last->pc}, false,
                  "{thread:%u} sent the last signal of {object:%u} here; %s", last->thread,
                  finding_object(cond, OBJECT_COND), result);
}

/* The last signal came before the wait; it woke nobody, or somebody else's turn was served by it. */
static bool tell_lost_wakeup(const struct stuck_group *group)
{
    for (uint32_t i = 0; i < group->snapshot->count; i++) {
        const struct wait *wait = &group->snapshot->threads[i].wait;
        bool by_any = stuck_in_core(group, i) && group->snapshot->threads[i].by_any;
        const struct object *cond = by_any && wait->kind == WAIT_COND ? object_find(wait->object)
                                                                      : NULL;
        const struct object_event *last = cond && cond->service ? &cond->service->last : NULL;

        if (!last || !last->thread)
            continue;
        if (last->when > wait->since) {
            if (stuck_too_few_woken(cond, wait))
                tell_last_signal(wait->object, last, "it woke one of those who waited");
            return false;
        }
        if (cond->service->last_met_waiter) {
            tell_last_signal(wait->object, last, "it was received, and none followed");
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

/* The turns: first what is held, then what is asked for. */
static void tell_turns(const struct stuck_group *group)
{
    const struct snapshot *snapshot = group->snapshot;

    for (uint32_t i = 0; i < snapshot->count; i++) {
        const struct held_lock *lock = stuck_is_told(group, i) ? taken_by_owner(group, i) : NULL;

        if (lock)
            finding_turn(snapshot->threads[i].owner->id,
                         lock->kind == LOCK_SEMAPHORE ? "sem-wait"
                         : lock->kind != LOCK_RWLOCK  ? "lock"
                         : lock->mode == MODE_SHARED  ? "read-lock"
                                                      : "write-lock",
                         finding_object(lock->object, object_kind_of_lock(lock->kind)),
                         (struct where){lock->stack, lock->pc}, 0);
    }
    for (uint32_t i = 0; i < snapshot->count; i++) {
        const struct snapshot_thread *stuck = &snapshot->threads[i];

        if (!stuck_is_told(group, i))
            continue;
        finding_turn(thread_at(i)->id, operation_of_wait(&stuck->wait), stuck_object(snapshot, i),
                     where_of(&stuck->wait), stuck->owner ? stuck->owner->id : stuck->wait.target);
    }
}

static void tell_cycle(const struct stuck_group *group)
{
    for (uint32_t i = 0; i < group->snapshot->count; i++) {
        const struct snapshot_thread *stuck = &group->snapshot->threads[i];
        unsigned holds = 0;

        if (!stuck_is_told(group, i) || !stuck->owner)
            continue;
        for (uint32_t k = 0; k < group->snapshot->count && !holds; k++)
            if (stuck_in_core(group, k) && group->snapshot->threads[k].owner == thread_at(i))
                holds = stuck_object(group->snapshot, k);
        finding_cycle(thread_at(i)->id, holds, stuck_object(group->snapshot, i));
    }
}

/* --- name and time --- */

static struct finding_head head_of(const struct stuck_group *group, uint32_t size)
{
    const struct snapshot_thread *first = &group->snapshot->threads[stuck_first_of_core(group)];
    struct finding_head head = {.name = "deadlock",
                                .severity = SEVERITY_ERROR,
                                .confidence = group->confidence,
                                .lesson = stuck_advice(group, size).lesson};
    int64_t since = 0;

    for (uint32_t i = 0; i < group->snapshot->count; i++)
        if (stuck_in_core(group, i) && group->snapshot->threads[i].wait.since > since)
            since = group->snapshot->threads[i].wait.since;
    head.after_ns = group->now - since;
    if (size == 1 && first->owner && first->owner->index == stuck_first_of_core(group))
        head.name = "self-deadlock";
    if (size == 1 && first->copied)
        head.name = "copied-lock";
    if (size == 1 && first->lost_owner)
        head.name = "fork-holding-lock";
    if (size == 1 && stuck_on_nil(group->snapshot, stuck_first_of_core(group)))
        head.name = "nil-channel";
    return head;
}

void stuck_report(const struct stuck_group *group)
{
    uint32_t size = stuck_core_size(group);
    struct finding_head head;

    if (!size)
        return;
    head = head_of(group, size);
    if (!finding_begin(&head))
        return;
    stuck_sentence(group, size);
    tell_threads(group);
    tell_cycle(group);
    tell_places(group);
    for (uint32_t i = 0; i < group->snapshot->count; i++)
        if (stuck_is_told(group, i))
            stuck_tell_partners(group->snapshot, i);
    if (group->at_rest && channel_any)
        finding_heading("fatal error: all goroutines are asleep - deadlock!");
    if (!tell_lost_wakeup(group) && stuck_advice(group, size).help)
        finding_help("%s", stuck_advice(group, size).help);
    tell_turns(group);
    finding_end();
}
