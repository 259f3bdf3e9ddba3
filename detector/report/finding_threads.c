/* SPDX-License-Identifier: MIT */
/*
 * What does a finding say of a thread? Who it is, what it holds, what it waits for. Each thread is
 * told once, the first time in the form that was asked for.
 */
#include "detector/report/finding_parts.h"

enum { MOST_HOLDS = 32, MOST_CASES = 32, MOST_TOLD = 64 };

static uint32_t told_threads[MOST_TOLD], told_count;

void finding_threads_begin(void)
{
    told_count = 0;
}

static bool told_before(uint32_t id)
{
    for (uint32_t i = 0; i < told_count; i++)
        if (told_threads[i] == id)
            return true;
    if (told_count < sizeof told_threads / sizeof told_threads[0])
        told_threads[told_count++] = id;
    return false;
}

static void write_identity(struct json *json, uint32_t id)
{
    const struct thread *thread = thread_by_id(id);
    const struct obituary *obituary = thread ? NULL : thread_obituary(id);
    const char *name = thread ? thread->name : obituary ? obituary->name : "";
    const void *function = thread ? thread->function : obituary ? obituary->function : NULL;
    static const char *const states[] = {"exited", "running", "running", "exited", "exited"};
    const char *state = thread ? states[thread->state] : "exited";

    if (thread && thread->state == THREAD_ALIVE && thread->wait_sequence % 2)
        state = "blocked";
    json_number(json, "id", id);
    if (*name)
        json_string(json, "name", name);
    else
        json_null(json, "name");
    json_string(json, "state", state);
    if (thread && thread->goroutine)
        json_bool(json, "goroutine", true);
    json_number(json, "created_by",
                thread     ? thread->created_by
                : obituary ? obituary->created_by
                           : 0);
    finding_write_stack(json, "created_at",
                        (struct where){thread     ? thread->created_at
                                       : obituary ? obituary->created_at
                                                  : NULL,
                                       NULL});
    if (function) {
        finding_mention(function);
        json_address(json, "function", (uintptr_t)function);
    }
}

static void write_holds(struct json *json, struct thread *thread)
{
    if (thread->held.count > MOST_HOLDS)
        finding_shorten();
    json_open(json, "holds", '[');
    for (uint32_t i = 0; i < thread->held.count && i < MOST_HOLDS; i++) {
        const struct held_lock *lock = held_at(&thread->held, i);

        if (!lock->object)
            continue;
        json_open(json, NULL, '{');
        json_number(json, "object", finding_object(lock->object, object_kind_of_lock(lock->kind)));
        json_string(json, "mode", lock->mode == MODE_SHARED ? "shared" : "exclusive");
        finding_write_stack(json, "stack", (struct where){lock->stack, lock->pc});
        json_close(json, '}');
    }
    json_close(json, ']');
}

/* A channel's operation has one case, which stands in the place of a lock. */
static void write_case(struct json *json, const struct event_case *what)
{
    if (what->nil)
        json_bool(json, "nil", true);
    else
        json_number(json, "object", finding_channel(what->channel, what->address));
}

static void write_cases(struct json *json, const struct thread *thread)
{
    if (thread->case_count > MOST_CASES)
        finding_shorten();
    json_open(json, "cases", '[');
    for (uint32_t i = 0; i < thread->case_count && i < MOST_CASES; i++) {
        json_open(json, NULL, '{');
        json_string(json, "operation", thread->cases[i].side == SIDE_SEND ? "send" : "receive");
        write_case(json, &thread->cases[i]);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_waits(struct json *json, const struct thread *thread, const struct wait *wait,
                        const uint32_t *waits_for, uint32_t count)
{
    json_open(json, "waits", '{');
    json_string(json, "operation", operation_of_wait(wait));
    if (wait->kind == WAIT_SELECT)
        write_cases(json, thread);
    else if (wait->kind == WAIT_SEND || wait->kind == WAIT_RECEIVE)
        write_case(json, thread->cases);
    else if (wait->object)
        json_number(json, "object", finding_object(wait->object, object_kind_of_wait(wait)));
    json_bool(json, "timed", wait->timed);
    json_number(json, "since_ms", (sys_now() - wait->since) / 1000000);
    json_open(json, "for", '[');
    for (uint32_t i = 0; i < count; i++)
        json_number(json, NULL, waits_for[i]);
    if (!count && wait->target && wait->kind == WAIT_JOIN)
        json_number(json, NULL, wait->target);
    json_close(json, ']');
    finding_write_stack(json, "stack", (struct where){wait->stack, wait->pc});
    json_close(json, '}');
}

void finding_thread(struct thread *thread, bool part, const uint32_t *waits_for, uint32_t count)
{
    struct json *json = finding_part(PART_THREADS), before;
    struct wait wait = thread->wait;
    bool blocked = thread->state == THREAD_ALIVE && thread->wait_sequence % 2;

    if (told_before(thread->id))
        return;
    before = finding_element_begin(PART_THREADS);
    write_identity(json, thread->id);
    json_bool(json, "part", part);
    finding_write_stack(json, "stack",
                        blocked ? (struct where){wait.stack, wait.pc} : (struct where){NULL, NULL});
    if (blocked || thread->state != THREAD_ALIVE)
        write_holds(json, thread);
    if (blocked)
        write_waits(json, thread, &wait, waits_for, count);
    finding_element_end(PART_THREADS, before);
}

void finding_thread_at(uint32_t id, struct where where)
{
    struct json *json = finding_part(PART_THREADS), before;

    if (told_before(id))
        return;
    before = finding_element_begin(PART_THREADS);
    write_identity(json, id);
    json_bool(json, "part", false);
    finding_write_stack(json, "stack", where);
    finding_element_end(PART_THREADS, before);
}
