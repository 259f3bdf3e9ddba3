/* SPDX-License-Identifier: MIT */
/*
 * Who can wake whom: conditions, semaphores and barriers.
 *
 * For each such object the record keeps how many wait, how many of them were already served
 * (credit), who ever served it, and what had happened before it was served last. The first two
 * tell the watcher who is really stuck; the last keeps lock orders apart that a hand-over
 * separates.
 *
 * A semaphore that starts at 1 is a lock until somebody posts it who did not take it: from then
 * on it hands something over, and what was recorded of it as a lock is dropped.
 */
#include "detector/core/event.h"

#include "detector/core/finding.h"
#include "detector/core/misuse.h"
#include "detector/core/knowledge.h"

#include <string.h>

/* The record, with its service part unless it is a mutex's. */
static struct object *get(struct thread *thread, const void *address, enum object_kind kind,
                          struct site site)
{
    struct object *object = object_find(address);
    struct detector_guard guard;

    if (object && object->kind == kind && (object->service || kind == OBJECT_MUTEX))
        return object;
    if (object && object->kind != OBJECT_UNKNOWN)
        event_object_gone(thread, address);
    guard = detector_enter(thread);
    object = object_get(address, kind, stack_here(&thread->sites, site));
    if (object && kind != OBJECT_MUTEX && !object_service(object))
        object = NULL;
    detector_leave(guard);
    return object;
}

/* The record if it is there, of this kind, and complete. */
static struct object *find(const void *address, enum object_kind kind)
{
    struct object *object = object_find(address);

    return object && object->kind == kind && object->service ? object : NULL;
}

/* A handler that interrupts here must not come back to the same lock. */
static void lock_object(struct thread *thread, struct object *object)
{
    thread_hide(thread);
    raw_lock(&object->lock);
}

static void unlock_object(struct thread *thread, struct object *object)
{
    raw_unlock(&object->lock);
    thread_show(thread);
}

/* The same thread posts at the same place as the last time, and nothing is left to narrow. */
static bool is_usual_post(struct thread *thread, const struct object_service *service,
                          struct site site)
{
    return service->post_seen && !service->gate_count && service->last.thread == thread->id &&
           service->last.stack && service->last.stack == stack_cached(&thread->sites, site);
}

/* Requires: the object's lock. */
static void note_service(struct thread *thread, struct object *object, struct site site)
{
    const struct stack *stack = stack_here(&thread->sites, site);

    object->service->last = (struct object_event){thread->id, sys_now(), site.pc, stack};
    object_add_server(&object->service->servers, thread->id, stack && stack->in_signal_handler);
    thread->tells++;
    thread->remembered = true;
}

/* --- conditions --- */

void event_cond_wait(struct thread *thread, const void *cond, const void *mutex, bool shared,
                     struct site site)
{
    struct object *object = get(thread, cond, OBJECT_COND, site);
    const struct stack *stack = stack_here(&thread->sites, site);
    struct misuse_case what = {.rule = MISUSE_COND_TWO_MUTEXES,
                               .object = cond,
                               .kind = OBJECT_COND,
                               .where = {stack, site.pc},
                               .thread = thread->id,
                               .other_object = mutex,
                               .other_kind = OBJECT_MUTEX};
    struct object_service *service;

    if (!object)
        return;
    service = object->service;
    lock_object(thread, object);
    if (service->waiters > service->credit && service->mutex && service->mutex != mutex) {
        what.other_thread = service->entered.thread;
        what.other_where = (struct where){service->entered.stack, service->entered.pc};
        what.third_object = service->mutex;
    }
    service->entered = (struct object_event){thread->id, 0, site.pc, stack};
    service->mutex = mutex;
    service->shared = shared;
    service->waiters++;
    unlock_object(thread, object);
    if (what.other_thread)
        misuse_report(&what);
}

void event_cond_woken(struct thread *thread, const void *cond, bool signalled)
{
    struct object *object = find(cond, OBJECT_COND);

    if (!object)
        return;
    lock_object(thread, object);
    object->service->waiters -= object->service->waiters > 0;
    object->service->credit -= signalled && object->service->credit;
    if (object->service->credit > object->service->waiters)
        object->service->credit = object->service->waiters;
    unlock_object(thread, object);
    knowledge_accept(thread, &object->known);
}

/* Who next takes a mutex under which the state was changed knows what its changer knew. */
static void hand_over_mutex(struct thread *thread, const void *mutex, struct site site)
{
    struct object *object = mutex ? get(thread, mutex, OBJECT_MUTEX, site) : NULL;

    if (!object)
        return;
    event_attention = true;
    knowledge_publish(thread, &object->known);
}

static const void *last_released(const struct thread *thread)
{
    return (const void *)((uintptr_t)thread->last_released & ~(uintptr_t)THREAD_RELEASE_SEEN);
}

static void hand_over_state(struct thread *thread, const void *mutex, struct site site)
{
    if (!knows_something(thread))
        return;
    for (uint32_t i = 0; i < thread->held.count; i++)
        if (held_at(&thread->held, i)->kind == LOCK_MUTEX)
            hand_over_mutex(thread, held_at(&thread->held, i)->object, site);
    if (!thread->held.count)
        hand_over_mutex(thread, mutex ? mutex : last_released(thread), site);
}

void event_cond_signal(struct thread *thread, const void *cond, bool all, struct site site)
{
    struct object *object = get(thread, cond, OBJECT_COND, site);

    if (!object)
        return;
    lock_object(thread, object);
    object->service->last_to_all = all;
    object->service->last_met_waiter = object->service->waiters > object->service->credit;
    if (all)
        object->service->credit = object->service->waiters;
    else
        object->service->credit += object->service->waiters > object->service->credit;
    note_service(thread, object, site);
    unlock_object(thread, object);
    knowledge_publish(thread, &object->known);
    hand_over_state(thread, object->service->mutex, site);
}

/* --- semaphores --- */

void event_semaphore_made(struct thread *thread, const void *semaphore, unsigned value, bool shared,
                          struct site site)
{
    struct object *object;

    event_object_gone(thread, semaphore);
    object = get(thread, semaphore, OBJECT_SEMAPHORE, site);
    if (!object)
        return;
    object->service->parties = value;
    object->service->shared = shared;
    object->service->initialised = true;
}

static bool is_lock(const struct object *semaphore)
{
    return semaphore->service->initialised && semaphore->service->parties == 1 &&
           !semaphore->service->foreign_posts;
}

/* A lock under which every post so far happened, and that this thread holds while it waits. */
static void check_wait_under_lock(struct thread *thread, struct object *object, struct site site)
{
    struct misuse_case what = {.rule = MISUSE_WAIT_UNDER_LOCK,
                               .object = (const void *)object->address,
                               .kind = OBJECT_SEMAPHORE,
                               .thread = thread->id};
    struct detector_guard guard;
    struct order_stamp now;

    if (!object->service->post_seen || !object->service->gate_count || !object->service->initialised || object->service->parties)
        return;
    guard = detector_enter(thread);
    now = order_stamp_take(&thread->clock);
    if (!order_before(&object->service->post_stamp, &now) &&
        (object->service->servers.count > 1 || object->service->servers.ids[0] != thread->id))
        for (uint32_t i = 0; i < object->service->gate_count; i++)
            if (held_find(&thread->held, object->service->gates[i]))
                what.other_object = object->service->gates[i];
    order_stamp_drop(&now);
    what.other_thread = object->service->last.thread;
    what.other_where = (struct where){object->service->last.stack, object->service->last.pc};
    detector_leave(guard);
    if (!what.other_object || what.other_thread == thread->id)
        return;
    what.where = misuse_where(site);
    misuse_report(&what);
}

void event_semaphore_taken(struct thread *thread, const void *semaphore, enum lock_how how,
                           struct site site)
{
    struct object *object = get(thread, semaphore, OBJECT_SEMAPHORE, site);

    if (!object)
        return;
    if (is_lock(object)) {
        event_acquired(thread, semaphore, LOCK_SEMAPHORE, MODE_EXCLUSIVE, how, site);
        return;
    }
    if (held_find(&thread->held, semaphore)) /* from the time when it looked like a lock */
        event_released(thread, semaphore);
    if (how == HOW_BLOCKING && thread->held.count)
        check_wait_under_lock(thread, object, site);
    knowledge_accept(thread, &object->known);
}

/* Requires: the object's lock. */
static void narrow_gates(struct thread *thread, struct object *object)
{
    uint32_t kept = 0;

    if (!object->service->post_seen) {
        for (uint32_t i = 0; i < thread->held.count && object->service->gate_count < OBJECT_GATES; i++)
            if (held_at(&thread->held, i)->mode == MODE_EXCLUSIVE &&
                held_at(&thread->held, i)->kind != LOCK_SEMAPHORE)
                object->service->gates[object->service->gate_count++] = held_at(&thread->held, i)->object;
        object->service->post_seen = true;
        return;
    }
    for (uint32_t i = 0; i < object->service->gate_count; i++)
        if (held_find(&thread->held, object->service->gates[i]))
            object->service->gates[kept++] = object->service->gates[i];
    object->service->gate_count = kept;
}

/* Not a lock after all: what its edges said of it was wrong. */
static void becomes_hand_over(struct thread *thread, const void *semaphore, struct site site)
{
    struct object *object;
    bool shared = false;

    object = find(semaphore, OBJECT_SEMAPHORE);
    if (object)
        shared = object->service->shared;
    event_semaphore_made(thread, semaphore, 1, shared, site);
    object = find(semaphore, OBJECT_SEMAPHORE);
    if (object)
        object->service->foreign_posts = true;
}

void event_semaphore_post(struct thread *thread, const void *semaphore, struct site site)
{
    struct object *object = get(thread, semaphore, OBJECT_SEMAPHORE, site);

    if (object && is_lock(object) && !event_released(thread, semaphore)) {
        becomes_hand_over(thread, semaphore, site);
        object = find(semaphore, OBJECT_SEMAPHORE);
    }
    if (!object)
        return;
    if (is_lock(object)) {
        object->service->post_seen = true;
        return;
    }
    if (!is_usual_post(thread, object->service, site)) {
        lock_object(thread, object);
        narrow_gates(thread, object);
        note_service(thread, object, site);
        unlock_object(thread, object);
    }
    if (object->service->gate_count) {
        struct detector_guard guard = detector_enter(thread);

        order_stamp_drop(&object->service->post_stamp);
        object->service->post_stamp = order_stamp_take(&thread->clock);
        detector_leave(guard);
    }
    knowledge_publish(thread, &object->known);
}

/* --- barriers --- */

void event_barrier_made(struct thread *thread, const void *barrier, unsigned parties, bool shared,
                        struct site site)
{
    struct object *object;

    event_object_gone(thread, barrier);
    object = get(thread, barrier, OBJECT_BARRIER, site);
    if (!object)
        return;
    object->service->parties = parties;
    object->service->shared = shared;
    object->service->initialised = true;
}

uint32_t event_barrier_arrive(struct thread *thread, const void *barrier, bool *last,
                              struct site site)
{
    struct object *object = get(thread, barrier, OBJECT_BARRIER, site);
    uint32_t round;

    *last = false;
    if (!object)
        return 0;
    knowledge_publish(thread, &object->known);
    lock_object(thread, object);
    round = object->service->round;
    object->service->waiters++;
    if (object->service->initialised && object->service->waiters >= object->service->parties) {
        object->service->waiters = 0;
        object->service->round++;
        *last = true;
    }
    unlock_object(thread, object);
    return round;
}

void event_barrier_left(struct thread *thread, const void *barrier)
{
    struct object *object = find(barrier, OBJECT_BARRIER);

    if (object)
        knowledge_accept(thread, &object->known);
}
