/* SPDX-License-Identifier: MIT */
/*
 * WaitGroups: how many tasks are not done, and who will mark them done.
 *
 * Only waitgroup_go() says who will. Where all open tasks are such goroutines the wait is for all of
 * them; else anybody may call done (snapshot.c).
 */
#include "detector/core/runtime_event.h"

#include "detector/core/finding.h"
#include "detector/core/knowledge.h"
#include "detector/core/misuse.h"

static struct object *find(const void *address)
{
    struct object *object = object_find(address);

    return object && object->kind == OBJECT_WAITGROUP && object->service ? object : NULL;
}

static struct object *get(struct thread *thread, const void *address, struct site site)
{
    struct object *object = find(address);
    struct detector_guard guard;

    if (object)
        return object;
    object = object_find(address);
    if (object && object->kind != OBJECT_UNKNOWN)
        event_object_gone(thread, address);
    guard = detector_enter(thread);
    object = object_get(address, OBJECT_WAITGROUP, stack_here(&thread->sites, site));
    if (object && !object_service(object))
        object = NULL;
    if (object)
        object->kind = OBJECT_WAITGROUP;
    detector_leave(guard);
    return object;
}

void event_waitgroup_made(const void *waitgroup, struct site site)
{
    struct thread *thread = thread_current;

    channel_any = true;
    if (!thread)
        return;
    if (find(waitgroup))
        event_object_gone(thread, waitgroup);
    get(thread, waitgroup, site);
}

void event_waitgroup_added(const void *waitgroup, int delta, struct site site)
{
    struct thread *thread = thread_current;
    struct object *object = thread ? get(thread, waitgroup, site) : NULL;

    if (!object)
        return;
    /* Deltas, not counts: two threads may tell theirs in the other order. */
    __atomic_add_fetch(&object->service->parties, (unsigned)delta, __ATOMIC_RELAXED);
    if (delta >= 0)
        return;
    thread->tells++;
    object->service->last = (struct object_event){thread->id, 0, site.pc,
                                                  stack_here(&thread->sites, site)};
    thread->remembered = true;
    under_lock_note_done(object, thread);
    knowledge_publish(thread, &object->known);
}

void event_waitgroup_serves(const void *waitgroup)
{
    if (thread_current)
        thread_current->serves = waitgroup;
}

void event_waitgroup_block(const void *waitgroup, struct site site)
{
    struct thread *thread = thread_current;

    if (!thread || !get(thread, waitgroup, site))
        return;
    event_block(thread, (struct wait){.kind = WAIT_WAITGROUP, .object = waitgroup}, site);
}

void event_waitgroup_waits(const void *waitgroup, struct site site)
{
    struct thread *thread = thread_current;
    struct object *object = thread && thread->held.count ? find(waitgroup) : NULL;

    if (object)
        under_lock_check_wait(object, thread, site);
}

void event_waitgroup_waited(const void *waitgroup)
{
    struct thread *thread = thread_current;
    struct object *object = thread ? find(waitgroup) : NULL;

    if (object)
        knowledge_accept(thread, &object->known);
}

/* --- misuse --- */

struct rule {
    const char *name, *lesson, *message, *here, *help;
};

static void report(const struct rule *rule, const void *waitgroup, const void *original,
                   struct site site)
{
    struct thread *thread = thread_current;
    struct where where = misuse_where(site);
    struct finding_head head = {.name = rule->name,
                                .severity = SEVERITY_ERROR,
                                .confidence = CONFIDENCE_CERTAIN,
                                .lesson = rule->lesson};
    const struct object *object = object_find(waitgroup);
    const struct object_event *last = object && object->service ? &object->service->last : NULL;
    unsigned number;

    head.identity = (uintptr_t)where.stack ^ (uintptr_t)rule;
    if (!thread || !finding_begin(&head))
        return;
    number = finding_object(waitgroup, OBJECT_WAITGROUP);
    finding_message(rule->message, thread->id, number,
                    original ? finding_object(original, OBJECT_WAITGROUP) : 0);
    finding_thread_at(thread->id, where);
    finding_place(thread->id, where, true, "%s", rule->here);
    if (!original && last && last->thread)
        finding_place(last->thread, (struct where){last->stack, last->pc}, false,
                      "{thread:%u} lowered the counter last here", last->thread);
    finding_help("%s", rule->help);
    finding_end();
}

void event_waitgroup_negative(const void *waitgroup, struct site site)
{
    static const struct rule rule = {
        "waitgroup-negative", "waiting/wg-negative",
        "{thread:%u} marks a task of {object:%u} done, but all that were added are done already",
        "the counter becomes negative here",
        "call waitgroup_done() exactly once for each task that was added; waitgroup_go() does both"};

    static const struct rule never = {
        "waitgroup-negative", "waiting/wg-negative",
        "{thread:%u} marks a task of {object:%u} done, but none was added",
        "the counter becomes negative here",
        "call waitgroup_add() before the task starts; waitgroup_go() does both"};
    const struct object *object = object_find(waitgroup);

    report(object && object->service && object->service->last.thread ? &rule : &never, waitgroup,
           NULL, site);
}

void event_waitgroup_reused(const void *waitgroup, struct site site)
{
    static const struct rule rule = {
        "waitgroup-reused", "waiting/wg-add-in-goroutine",
        "{thread:%u} adds a task to {object:%u} while somebody is in its wait",
        "added here, too late for the wait that is under way",
        "add before the goroutine starts, in the thread that waits"};

    report(&rule, waitgroup, NULL, site);
}

void event_waitgroup_copied(const void *waitgroup, const void *original, struct site site)
{
    static const struct rule rule = {
        "copied-lock", "locks/copied-lock",
        "{thread:%u} uses {object:%u}, a copy of {object:%u}: they count apart",
        "the copy is used "
        "here",
        "pass a pointer to the WaitGroup, and to every struct that holds one"};

    report(&rule, waitgroup, original, site);
}
