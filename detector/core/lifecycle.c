/* SPDX-License-Identifier: MIT */
/*
 * Where does a thread come from, and what is left when it has gone?
 *
 * 1. Created: it knows what its creator knew, and may be guarded by the locks its creator holds.
 * 2. Started: its own kernel id leads to its record.
 * 3. Ended: locks that it still holds are a finding.
 * 4. Joined: the joiner knows what it knew. Joined or detached, its record is used again.
 *
 * Blocking is here too, since a thread is blocked or it is not.
 */
#include "detector/core/event.h"

#include "detector/core/misuse.h"
#include "detector/core/statistics.h"
#include "detector/core/stuck.h"

#include <string.h>

struct thread *event_thread_new(struct thread *creator, const void *function, struct site site)
{
    struct thread *thread = thread_new();
    struct detector_guard guard;

    if (!thread)
        return NULL;
    thread->function = function;
    if (!creator)
        return thread;
    statistics_add_thread(1);
    creator->remembered = true;
    creator->tells++;
    thread->created_by = creator->id;
    thread->created_at = stack_here(&creator->sites, site);
    if (!thread->created_at)
        thread->created_at = stack_capture(site);
    for (uint32_t i = 0; i < creator->held.count && thread->gate_count < THREAD_GATES; i++) {
        struct held_lock *lock = held_at(&creator->held, i);

        if (lock->mode == MODE_EXCLUSIVE) {
            thread->gates[thread->gate_count].object = lock->object;
            thread->gates[thread->gate_count++].stack = lock->stack;
        }
    }
    guard = detector_enter(creator);
    order_publish(&creator->clock, &thread->clock.known);
    detector_leave(guard);
    if (thread->clock.known) { /* what it does from now on is no longer before the new thread */
        creator->segment++;
        memset(creator->seen, 0, sizeof creator->seen);
    }
    return thread;
}

void event_thread_failed(struct thread *thread)
{
    statistics_add_thread(-1);
    thread_ended(thread);
    thread->detached = true;
    thread_release(thread);
}

void event_thread_start(struct thread *thread, int tid, uintptr_t handle)
{
    struct thread *early = thread_own;

    thread->hidden++; /* a handler that comes now is not to make another record */
    thread_own = thread;
    thread_current = NULL;
    if (early) { /* one came before, and did */
        thread_unbind(early);
        thread_ended(early);
        early->detached = true;
        early->held.count = 0;
        thread_release(early);
    }
    thread_bind(thread, tid, handle);
    thread_show(thread);
}

void event_thread_end(struct thread *thread)
{
    struct detector_guard guard;

    event_wake(thread); /* cancelled inside a wait */
    misuse_thread_end(thread);
    guard = detector_enter(thread);
    thread_own = NULL; /* and thread_current, by the guard */
    if (thread->detached)
        order_clock_end(&thread->clock);
    detector_leave(guard);
    thread_ended(thread);
    stuck_suspect();
    if (thread->detached)
        thread_release(thread);
}

void event_thread_joined(struct thread *thread, struct thread *target)
{
    struct order_vector *known = NULL;
    struct detector_guard guard = detector_enter(thread);

    order_publish(&target->clock, &known);
    order_accept(&thread->clock, known);
    order_vector_drop(&known);
    order_clock_end(&target->clock);
    detector_leave(guard);
    thread_table_lock();
    target->joined = true;
    target->joining = 0;
    thread_table_unlock();
    thread_release(target);
}

void event_thread_detached(struct thread *target)
{
    thread_table_lock();
    target->detached = true;
    thread_table_unlock();
    if (target->state == THREAD_EXITED) {
        struct detector_guard guard = detector_enter(thread_own);

        order_clock_end(&target->clock);
        detector_leave(guard);
        thread_release(target);
    }
}

void event_thread_cancelled(struct thread *thread, struct thread *target, struct site site)
{
    const struct stack *stack = stack_here(&thread->sites, site);

    thread->remembered = true;
    thread_table_lock();
    target->cancelled.stack = stack;
    target->cancelled.pc = site.pc;
    target->cancelled.by = thread->id;
    thread_table_unlock();
}

void event_block_begin(struct thread *thread, struct wait wait, struct site site)
{
    uint32_t sequence = thread->wait_sequence;

    wait.pc = site.pc;
    wait.stack = stack_here(&thread->sites, site);
    wait.since = sys_now();
    thread->wait = wait;
    __atomic_store_n(&thread->wait_sequence, (sequence + 1) | 1, __ATOMIC_RELEASE);
}

void event_block_suspect(const struct thread *thread)
{
    if (!thread->wait.timed)
        stuck_suspect();
}

void event_block(struct thread *thread, struct wait wait, struct site site)
{
    event_block_begin(thread, wait, site);
    event_block_suspect(thread);
}

void event_wake(struct thread *thread)
{
    uint32_t sequence = thread->wait_sequence;

    if (sequence % 2)
        __atomic_store_n(&thread->wait_sequence, sequence + 1, __ATOMIC_RELEASE);
}
