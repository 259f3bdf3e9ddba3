/* SPDX-License-Identifier: MIT */
/*
 * What does a goroutine wait for? What it says here the watcher reads, without a lock: the cases go
 * into memory that is never unmapped, and count only while the number of the wait stands.
 */
#include "detector/core/runtime_event.h"

#include "detector/core/arena.h"

#include <string.h>

/* The old array stays as it is: the watcher may be reading it. */
static bool make_room(struct thread *thread, unsigned count)
{
    unsigned capacity = thread->case_capacity ? thread->case_capacity : 2;
    struct event_case *cases;

    if (count <= thread->case_capacity)
        return true;
    while (capacity < count)
        capacity *= 2;
    cases = arena_alloc(capacity * sizeof *cases);
    if (!cases)
        return false;
    thread->cases = cases;
    thread->case_capacity = capacity;
    return true;
}

static void block(struct thread *thread, enum wait_kind kind, const struct event_case *cases,
                  unsigned count, bool timed, struct site site)
{
    struct wait wait = {.kind = kind, .timed = timed};

    channel_any = true;
    if (!make_room(thread, count))
        return; /* in doubt, it runs */
    thread->case_count = count;
    if (count)
        memcpy(thread->cases, cases, count * sizeof *cases);
    if (kind != WAIT_SELECT)
        wait.object = cases[0].address;
    event_block(thread, wait, site);
}

void event_cases_block(const struct event_case *cases, unsigned count, bool timed, struct site site)
{
    struct thread *thread = thread_current;

    if (thread)
        block(thread, cases[0].side == SIDE_SEND ? WAIT_SEND : WAIT_RECEIVE, cases, count, timed,
              site);
}

void event_select_block(const struct event_case *cases, unsigned count, bool timed,
                        struct site site)
{
    struct thread *thread = thread_current;

    if (thread)
        block(thread, WAIT_SELECT, cases, count, timed, site);
}

void event_sleep_block(struct site site)
{
    struct thread *thread = thread_current;

    if (thread)
        event_block(thread, (struct wait){.kind = WAIT_SLEEP, .timed = true}, site);
}

void event_unblock(void)
{
    struct thread *thread = thread_current;

    if (thread)
        event_wake(thread);
}
