/* SPDX-License-Identifier: MIT */
/*
 * Which goroutines does the program leave behind?
 *
 * Not all that are blocked at this moment: a pipeline in full swing has somebody blocked at any
 * time. So the wait-for graph is reduced once more, in which the thread that ends the program does
 * nothing any more. Who is dead then waits for nobody but other blocked ones, or for those that have
 * ended.
 *
 * Goroutines that run the same function and wait at the same place are one finding.
 */
#include "detector/core/leaks.h"

#include "detector/core/snapshot.h"
#include "detector/core/stuck_channels.h"

enum { TOLD = 8 };

static bool is_leak(const struct snapshot *snapshot, uint32_t i)
{
    const struct thread *thread = thread_at(i);

    return snapshot->nodes[i].dead && thread->goroutine &&
           stuck_is_channels(&snapshot->threads[i].wait) &&
           thread->reported != snapshot->threads[i].sequence;
}

static bool same(const struct snapshot *snapshot, uint32_t a, uint32_t b)
{
    const struct wait *first = &snapshot->threads[a].wait, *second = &snapshot->threads[b].wait;

    return first->kind == second->kind && first->pc == second->pc &&
           thread_at(a)->function == thread_at(b)->function;
}

static const char *doing(const struct snapshot *snapshot, uint32_t i)
{
    if (stuck_on_nil(snapshot, i))
        return "on a nil channel";
    switch (snapshot->threads[i].wait.kind) {
    case WAIT_SEND:
        return "on a send";
    case WAIT_RECEIVE:
        return "on a receive";
    case WAIT_SELECT:
        return "in a select";
    default:
        return "in a WaitGroup's wait";
    }
}

static void tell(struct snapshot *snapshot, uint32_t first, uint32_t count)
{
    struct thread *thread = thread_at(first);
    uint32_t told = 0;

    if (count > 1)
        finding_message("{thread:%u} and %u more are still blocked %s when the program ends",
                        thread->id, count - 1, doing(snapshot, first));
    else
        finding_message("{thread:%u} is still blocked %s when the program ends", thread->id,
                        doing(snapshot, first));
    for (uint32_t i = first; i < snapshot->count && told < TOLD; i++)
        if (is_leak(snapshot, i) && same(snapshot, first, i)) {
            finding_thread(thread_at(i), true, NULL, 0);
            told++;
        }
    stuck_tell_channel_places(snapshot, first, true);
    stuck_tell_partners(snapshot, first);
    if (thread->created_at) {
        finding_thread_at(thread->created_by, (struct where){thread->created_at, NULL});
        finding_place(thread->created_by, (struct where){thread->created_at, NULL}, false,
                      "{thread:%u} was started here", thread->id);
    }
    finding_help("%s", stuck_channel_help(snapshot, first, false));
}

static void report(struct snapshot *snapshot, uint32_t first, int64_t now)
{
    const struct wait *wait = &snapshot->threads[first].wait;
    struct finding_head head = {.name = "leaked-thread",
                                .severity = SEVERITY_ERROR,
                                .confidence = CONFIDENCE_CERTAIN,
                                .lesson = stuck_channel_lesson(snapshot, first, false),
                                .after_ns = now - wait->since};
    uint32_t count = 0;

    for (uint32_t i = first; i < snapshot->count; i++)
        count += is_leak(snapshot, i) && same(snapshot, first, i);
    if (finding_begin(&head)) {
        tell(snapshot, first, count);
        finding_end();
    }
    for (uint32_t i = snapshot->count; i-- > first;)
        if (i != first && is_leak(snapshot, i) && same(snapshot, first, i))
            thread_at(i)->reported = snapshot->threads[i].sequence;
    thread_at(first)->reported = snapshot->threads[first].sequence;
}

void leaks_report(const struct thread *leaving)
{
    static struct snapshot snapshot;
    int64_t now = sys_now();

    if (!snapshot_take(&snapshot, false, leaving) ||
        !wait_for_reduce(snapshot.nodes, snapshot.count + 3, snapshot.successors))
        return;
    for (uint32_t i = 0; i < snapshot.count; i++)
        if (is_leak(&snapshot, i))
            report(&snapshot, i, now);
}
