/* SPDX-License-Identifier: MIT */
/*
 * What does an event need that its fast path (event.h) does not do?
 *
 * The detector's lock; locks given back out of order; locks that a signal handler takes or that
 * hand something over; the end of objects (object.h says why that matters). A lock that is taken
 * while others are held has a file of its own: nested.c.
 */
#include "detector/core/event.h"

#include "detector/core/finding.h"
#include "detector/core/knowledge.h"
#include "detector/core/misuse.h"
#include "detector/core/nested.h"

#include <signal.h>

bool event_attention;

static struct raw_lock detector;

static uint64_t swap_signals(uint64_t mask)
{
    uint64_t old = 0;

    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&mask, (long)&old, sizeof mask, 0, 0);
    return old;
}

struct detector_guard detector_enter(struct thread *thread)
{
    struct detector_guard guard = {.thread = thread};

    if (thread)
        thread_hide(thread);
    guard.signals = swap_signals(~UINT64_C(0));
    raw_lock(&detector);
    return guard;
}

void detector_leave(struct detector_guard guard)
{
    raw_unlock(&detector);
    swap_signals(guard.signals);
    if (guard.thread)
        thread_show(guard.thread);
}

bool event_released_slow(struct thread *thread, const void *object)
{
    struct held_lock *lock = held_find(&thread->held, object);
    uint32_t i;

    if (!lock)
        return false;
    if (--lock->depth)
        return true;
    i = (uint32_t)(lock - held_at(&thread->held, 0));
    held_remove(&thread->held, lock);
    for (i = i ? i : 1; i < thread->held.count; i++) /* the chains above it are others now */
        event_is_new(thread, held_at(&thread->held, i), i);
    return true;
}

/* --- locks that a signal handler takes, or that hand something over --- */

static void acquired_with_attention(struct thread *thread, struct held_lock *lock)
{
    bool in_handler = lock->stack && lock->stack->in_signal_handler;
    struct object *object = object_find(lock->object);
    struct detector_guard guard;

    if (in_handler && (!object || !object->in_handler)) {
        guard = detector_enter(thread);
        object = object_get(lock->object, object_kind_of_lock(lock->kind), lock->stack);
        if (object && !object->in_handler) {
            object->in_handler = true;
            object->seen_at = lock->stack;
            event_attention = true;
        }
        detector_leave(guard);
        return;
    }
    if (!object || in_handler)
        return;
    if (object->in_handler)
        misuse_lock_in_handler(thread, lock, object);
    if (lock->kind == LOCK_MUTEX)
        knowledge_accept(thread, &object->known);
}

void event_acquired_slow(struct thread *thread, const void *object, enum lock_kind kind,
                         enum lock_mode mode, enum lock_how how, struct site site)
{
    const struct stack *stack = stack_here(&thread->sites, site);
    struct held_lock *lock = held_push(&thread->held);

    if (!lock)
        return;
    event_fill(lock, object, kind, mode, how, site, stack);
    if (event_attention || (stack && stack->in_signal_handler))
        acquired_with_attention(thread, lock);
    if (thread->held.count > 1 && event_is_new(thread, lock, thread->held.count - 1))
        event_nested(thread, lock, site);
}

/* --- the end of objects --- */

void event_memory_gone(struct thread *thread, uintptr_t low, size_t size, struct site site)
{
    misuse_memory_gone(thread, low, size, site);
    event_memory_moved(thread, low, size, site);
}

void event_memory_moved(struct thread *thread, uintptr_t low, size_t size, struct site site)
{
    struct detector_guard guard;

    misuse_own_memory_gone(thread, low, size, site);
    if (!object_maybe_in(low, size))
        return;
    guard = detector_enter(thread);
    object_visit(low, size, nested_retire);
    detector_leave(guard);
}

void event_object_gone(struct thread *thread, const void *address)
{
    struct detector_guard guard;
    struct object *object;

    if (!object_find(address))
        return;
    guard = detector_enter(thread);
    object = object_find(address);
    if (object)
        nested_retire(object);
    detector_leave(guard);
}
