/* SPDX-License-Identifier: MIT */
/*
 * What would have prevented it, and which lesson shows that? It depends on what the core of the
 * stuck ones has in common; the catalogue of the command has general advice for the rest.
 */
#include "detector/core/stuck_report.h"

#include "detector/core/stuck_channels.h"

/* --- what the core has in common --- */

struct common {
    bool one_object;  /* all wait for the same object */
    bool at_channels; /* all wait at channels */
    bool one_side;    /* and all to send, or all to receive */
    bool joins;       /* one of them joins a thread */
};

static struct common look(const struct stuck_group *group)
{
    const struct snapshot *snapshot = group->snapshot;
    const struct wait *first = &snapshot->threads[stuck_first_of_core(group)].wait;
    struct common common = {true, true, true, false};

    for (uint32_t i = 0; i < snapshot->count; i++) {
        const struct wait *wait = &snapshot->threads[i].wait;

        if (!stuck_in_core(group, i))
            continue;
        common.one_object &= wait->object == first->object && wait->object;
        common.at_channels &= snapshot_at_channel(&snapshot->threads[i]);
        common.one_side &= wait->kind == first->kind;
        common.joins |= wait->kind == WAIT_JOIN;
    }
    return common;
}

bool stuck_too_few_woken(const struct object *cond, const struct wait *wait)
{
    return cond->service->last_met_waiter && !cond->service->last_to_all &&
           cond->service->last.when > wait->since;
}

static bool too_few_woken(const struct snapshot_thread *stuck)
{
    const struct object *cond = stuck->wait.kind == WAIT_COND ? object_find(stuck->wait.object)
                                                              : NULL;

    return cond && cond->service && stuck_too_few_woken(cond, &stuck->wait);
}

/* --- advice --- */

/* Where the catalogue's general advice is too general. */
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

static const char *lesson_for(const struct snapshot_thread *stuck, uint32_t size)
{
    if (stuck->copied)
        return "locks/copied-lock";
    if (stuck->lost_owner)
        return NULL;
    if (stuck->exited_owner)
        return "locks/missing-unlock-early-return";
    if (stuck->by_any)
        return stuck->wait.kind == WAIT_BARRIER ? "waiting/barrier-misuse" : "waiting/lost-wakeup";
    return size > 2 ? "deadlocks/lock-cycle-n" : "deadlocks/abba-lock-order";
}

static struct stuck_advice at_channels(const struct stuck_group *group, uint32_t first)
{
    const struct snapshot *snapshot = group->snapshot;
    bool under_lock = stuck_under_lock(group, first);

    if (stuck_waits_for_itself(snapshot, first))
        return (struct stuck_advice){"deadlocks/wait-for-own-end",
                                     "let somebody wait who is none of the tasks"};
    return (struct stuck_advice){stuck_channel_lesson(snapshot, first, under_lock),
                                 stuck_channel_help(snapshot, first, under_lock)};
}

struct stuck_advice stuck_advice(const struct stuck_group *group, uint32_t size)
{
    uint32_t first = stuck_first_of_core(group);
    const struct snapshot_thread *stuck = &group->snapshot->threads[first];
    struct common common = look(group);

    if (size > 1 && common.at_channels && !common.one_object && !stuck_under_lock(group, first) &&
        common.one_side)
        return (struct stuck_advice){
            "deadlocks/circular-channel-wait",
            "let one of the two directions have a goroutine of its own, or "
            "select over both"};
    if (stuck_is_channels(&stuck->wait))
        return at_channels(group, first);
    if (too_few_woken(stuck) && common.one_object)
        return (struct stuck_advice){"waiting/signal-not-broadcast",
                                     "broadcast when several may go on, or when they wait for "
                                     "different things"};
    if (size > 1 && common.joins)
        return (struct stuck_advice){"locks/blocking-while-holding-lock",
                                     "give the lock back before the join"};
    return (struct stuck_advice){lesson_for(stuck, size),
                                 size == 1 || common.one_object ? help_for(stuck) : NULL};
}
