/* SPDX-License-Identifier: MIT */
/*
 * Which contexts has nobody cancelled? Each that must be is in a table by its address from the call
 * that made it to context_free(). Whether it was cancelled its done channel knows: that is closed.
 */
#include "detector/core/runtime_event.h"

#include "detector/core/arena.h"
#include "detector/core/channel_misuse.h"
#include "detector/core/finding.h"
#include "detector/core/misuse.h"

enum { BUCKETS = 1024, WAITERS_TOLD = 8 };

struct context_record {
    struct context_record *next;
    const void *context;
    struct channel *channel;
    struct object_event made;
    bool timeout, cancelled;
};

static struct context_record *buckets[BUCKETS]; /* the detector's lock */

static struct context_record **bucket_of(const void *context)
{
    return &buckets[((uintptr_t)context >> 5) * UINT64_C(0x9e3779b97f4a7c15) >> 54 & (BUCKETS - 1)];
}

void event_context_made(const void *context, struct channel *channel, bool timeout,
                        struct site site)
{
    struct thread *thread = thread_current;
    struct object_event made = {.pc = site.pc};
    struct context_record *record, **bucket = bucket_of(context);
    struct detector_guard guard;

    if (!thread || !channel)
        return;
    made.thread = thread->id;
    made.when = sys_now();
    made.stack = stack_here(&thread->sites, site);
    thread->remembered = true;
    guard = detector_enter(thread);
    record = arena_alloc(sizeof *record);
    if (record) {
        *record = (struct context_record){*bucket, context, channel, made, timeout, false};
        *bucket = record;
        channel->made = made; /* what a student calls the context's line */
    }
    detector_leave(guard);
}

void event_context_cancelled(const void *context)
{
    struct detector_guard guard = detector_enter(thread_current);

    for (struct context_record *record = *bucket_of(context); record; record = record->next)
        if (record->context == context)
            record->cancelled = true;
    detector_leave(guard);
}

/* Takes the record out of the table; *copy is what it said. */
static bool forget(const void *context, struct context_record *copy)
{
    struct detector_guard guard = detector_enter(thread_current);
    struct context_record **link = bucket_of(context), *record;

    while ((record = *link) && record->context != context)
        link = &record->next;
    if (record) {
        *link = record->next;
        *copy = *record;
        arena_free(record, sizeof *record);
    }
    detector_leave(guard);
    return record != NULL;
}

static bool waits_on(const struct thread *thread, const struct channel *channel)
{
    if (thread->state != THREAD_ALIVE || thread->wait_sequence % 2 == 0 ||
        thread->sleep_word != SLEEP_ASLEEP || thread->wait.kind < WAIT_SEND ||
        thread->wait.kind > WAIT_SELECT)
        return false;
    for (uint32_t i = 0; i < thread->case_count; i++)
        if (thread->cases[i].channel == channel)
            return true;
    return false;
}

/* Finds who waits on it: up to `most`; the result counts all. */
static uint32_t find_waiters(const struct channel *channel, struct thread **waiters, uint32_t most)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < thread_table_size(); i++)
        if (waits_on(thread_at(i), channel)) {
            if (count < most)
                waiters[count] = thread_at(i);
            count++;
        }
    return count;
}

static void tell(const struct context_record *record, struct thread *const *waiters, uint32_t count)
{
    struct where made = {record->made.stack, record->made.pc};
    unsigned number = finding_channel(record->channel, record->channel->address);

    if (count > 1)
        finding_message(
            "the context {object:%u} was never cancelled; {thread:%u} and %u more still "
            "wait on it",
            number, waiters[0]->id, count - 1);
    else if (count)
        finding_message(
            "the context {object:%u} was never cancelled; {thread:%u} still waits on it", number,
            waiters[0]->id);
    else
        finding_message("the context {object:%u} was never cancelled", number);
    finding_thread_at(record->made.thread, made);
    finding_place(record->made.thread, made, true, "made here by {thread:%u}", record->made.thread);
    for (uint32_t i = 0; i < count && i < WAITERS_TOLD; i++) {
        finding_thread(waiters[i], true, &record->made.thread, 1);
        finding_place(waiters[i]->id, (struct where){waiters[i]->wait.stack, waiters[i]->wait.pc},
                      false, "{thread:%u} waits here", waiters[i]->id);
    }
}

/* At the end of the program `waiters` are told here: what they wait for is the same mistake. */
static void report(const struct context_record *record, const struct where *freed, uint32_t thread)
{
    struct thread *waiters[WAITERS_TOLD];
    uint32_t count = find_waiters(record->channel, waiters, WAITERS_TOLD);
    struct finding_head head = {.name = "missing-cancel",
                                .severity = SEVERITY_WARNING,
                                .confidence = CONFIDENCE_CERTAIN,
                                .lesson = "context/forgotten-cancel"};

    head.identity = ((uintptr_t)record->made.stack ^ (uintptr_t)record->made.pc) * 31 + 7;
    if (finding_begin(&head)) {
        tell(record, waiters, count);
        if (freed)
            finding_place(thread, *freed, false, "{thread:%u} gave it back here, not cancelled",
                          thread);
        finding_help("%s",
                     "write DEFER(context_cancel, ctx) directly below the line that makes the "
                     "context; cancelling twice does no harm");
        finding_end();
    }
    for (uint32_t i = 0; !freed && i < count && i < WAITERS_TOLD; i++)
        waiters[i]->reported = waiters[i]->wait_sequence;
}

void event_context_freed(const void *context, struct site site)
{
    struct thread *thread = thread_current;
    struct context_record record;
    struct where freed;

    if (!thread || !forget(context, &record) || record.cancelled || record.channel->closed)
        return;
    freed = misuse_where(site);
    report(&record, &freed, thread->id);
}

/* Another thread, which could have cancelled it had the process not ended. */
static bool maker_lives(const struct context_record *record, const struct thread *leaving)
{
    const struct thread *maker = thread_by_id(record->made.thread);

    return maker && maker != leaving && maker->state == THREAD_ALIVE;
}

void misuse_contexts_left(const struct thread *leaving)
{
    for (unsigned i = 0; i < BUCKETS; i++)
        for (const struct context_record *record = buckets[i]; record; record = record->next)
            if (!record->cancelled && !record->channel->closed && !maker_lives(record, leaving))
                report(record, NULL, 0);
}
