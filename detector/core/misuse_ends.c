/* SPDX-License-Identifier: MIT */
/*
 * What is still in use when it ends? Memory that is freed with a held lock in it, a condition that
 * is destroyed while somebody waits, a thread that ends with a lock, a process that ends with
 * threads that nobody joined. And a lock that a signal handler takes as well.
 *
 * An end is judged by the object's own memory where that knows more than held-lock sets do:
 * another thread may have unlocked meanwhile.
 */
#include "detector/core/event.h"
#include "detector/core/misuse.h"
#include "detector/core/probe.h"

#include <signal.h>

static struct thread *freeing; /* the detector's lock guards it */
static struct misuse_case freed;

/* Requires: the detector's lock. */
static void look_at_freed(struct object *object)
{
    struct held_lock lock;
    struct thread *holder;

    if (freed.object || object->kind > OBJECT_SPIN)
        return;
    holder = misuse_holder((const void *)object->address, &lock);
    if (holder && holder != freeing && holder->state == THREAD_ALIVE)
        freed = (struct misuse_case){.rule = MISUSE_FREE_LOCKED,
                                     .object = (const void *)object->address,
                                     .kind = object->kind,
                                     .thread = freeing ? freeing->id : 0,
                                     .other_thread = holder->id,
                                     .other_where = {lock.stack, lock.pc}};
}

static void free_own(struct thread *thread, const struct held_lock *lock, struct site site)
{
    struct misuse_case what = {.rule = MISUSE_FREE_LOCKED,
                               .object = lock->object,
                               .kind = object_kind_of_lock(lock->kind),
                               .where = misuse_where(site),
                               .thread = thread->id,
                               .other_thread = thread->id,
                               .other_where = {lock->stack, lock->pc}};

    misuse_report(&what);
}

void misuse_own_memory_gone(struct thread *thread, uintptr_t low, size_t size, struct site site)
{
    for (uint32_t i = thread->held.count; i-- > 0;) {
        struct held_lock *lock = held_at(&thread->held, i);

        if (lock->object && (uintptr_t)lock->object - low < size && lock->kind != LOCK_SEMAPHORE) {
            free_own(thread, lock, site);
            lock->depth = 1;
            event_released(thread, lock->object);
        }
    }
}

void misuse_memory_gone(struct thread *thread, uintptr_t low, size_t size, struct site site)
{
    struct detector_guard guard;
    struct misuse_case what;

    if (!object_maybe_in(low, size))
        return;
    guard = detector_enter(thread);
    freeing = thread;
    freed = (struct misuse_case){.object = NULL};
    object_visit(low, size, look_at_freed);
    what = freed;
    detector_leave(guard);
    if (!what.object)
        return;
    what.where = misuse_where(site);
    misuse_report(&what);
}

static struct thread *waiter_of(const void *address, struct where *where)
{
    for (uint32_t i = 0; i < thread_table_size(); i++) {
        struct thread *thread = thread_at(i);

        if (thread->state == THREAD_ALIVE && thread->wait_sequence % 2 &&
            thread->wait.object == address) {
            *where = (struct where){thread->wait.stack, thread->wait.pc};
            return thread;
        }
    }
    return NULL;
}

/* Waiters that were woken and are only on their way out do not count: POSIX allows that. */
static bool in_use(const struct object *object)
{
    struct probe_semaphore state;

    switch (object->kind) {
    case OBJECT_COND:
        return object->service && object->service->waiters > object->service->credit;
    case OBJECT_SEMAPHORE:
        state = probe_semaphore((const void *)object->address);
        return state.known && !state.value;
    default:
        return object->service && object->service->waiters;
    }
}

bool misuse_object_ends(struct thread *thread, const void *address, enum object_kind kind,
                        struct site site)
{
    struct object *object = object_find(address);
    struct misuse_case what = {.rule = MISUSE_DESTROY_IN_USE,
                               .object = address,
                               .kind = kind,
                               .thread = thread->id};
    struct thread *waiter;

    if (!object || object->kind != kind || !in_use(object))
        return false;
    waiter = waiter_of(address, &what.other_where);
    if (!waiter)
        return false;
    what.other_thread = waiter->id;
    what.where = misuse_where(site);
    misuse_report(&what);
    return true;
}

/* Another thread may have unlocked it, or its memory is gone. */
static bool holds_really(const struct thread *thread, const struct held_lock *lock)
{
    struct probe_mutex state;

    if (!lock->object || !probe_readable(lock->object))
        return false;
    if (lock->kind == LOCK_SPIN)
        return !probe_spin_free(lock->object);
    if (lock->kind == LOCK_RWLOCK)
        return probe_rwlock(lock->object).writer || probe_rwlock(lock->object).readers;
    state = probe_mutex(lock->object);
    return !state.known || (state.locked && state.owner == thread->tid);
}

/* A detached thread may end with a lock on purpose, so that nobody gets past it while the process
 * goes down (HotSpot's VM thread does). Whoever then waits for it is told, as a deadlock. */
void misuse_thread_end(struct thread *thread)
{
    bool cancelled = thread->cancelled.by && !thread->returned;

    for (uint32_t i = thread->held.count; i-- > 0;) {
        const struct held_lock *lock = held_at(&thread->held, i);
        struct misuse_case what = {
            .rule = cancelled ? MISUSE_CANCEL_HOLDING_LOCK : MISUSE_EXIT_HOLDING_LOCK,
            .object = lock->object,
            .kind = object_kind_of_lock(lock->kind),
            .where = {lock->stack, lock->pc},
            .thread = thread->id,
            .harmless = thread->detached && !thread->cancelled.by};

        if (cancelled) {
            what.other_thread = thread->cancelled.by;
            what.other_where = (struct where){thread->cancelled.stack, thread->cancelled.pc};
        }
        if (lock->kind != LOCK_SEMAPHORE && !lock->robust && holds_really(thread, lock))
            misuse_report(&what);
    }
}

void misuse_lock_in_handler(struct thread *thread, const struct held_lock *lock,
                            const struct object *object)
{
    uint64_t blocked = 0;
    struct misuse_case what = {.rule = MISUSE_LOCK_IN_SIGNAL_HANDLER,
                               .object = lock->object,
                               .kind = object_kind_of_lock(lock->kind),
                               .where = {lock->stack, lock->pc},
                               .thread = thread->id,
                               .other_where = {object->seen_at, NULL}};

    /* Which signal the handler served is not known here: with any blocked, say nothing. */
    sys_call(SYS_rt_sigprocmask, SIG_BLOCK, 0, (long)&blocked, sizeof blocked, 0, 0);
    if (!blocked)
        misuse_report(&what);
}

static bool is_left(const struct thread *thread)
{
    return thread->state == THREAD_EXITED && !thread->joined && !thread->detached &&
           thread->id != 1 && thread->created_by;
}

static bool is_like(const struct thread *thread, const struct thread *other)
{
    return is_left(thread) && is_left(other) && thread->created_at == other->created_at;
}

static bool is_told(uint32_t i)
{
    for (uint32_t k = 0; k < i; k++)
        if (is_like(thread_at(k), thread_at(i)))
            return true;
    return false;
}

static uint32_t more_like(uint32_t i)
{
    uint32_t count = 0;

    for (uint32_t k = i + 1; k < thread_table_size(); k++)
        count += is_like(thread_at(k), thread_at(i));
    return count;
}

/* Those that were created at one place are one finding. */
void misuse_process_end(void)
{
    for (uint32_t i = 0; i < thread_table_size(); i++)
        if (is_left(thread_at(i)) && !is_told(i))
            misuse_report(&(struct misuse_case){.rule = MISUSE_THREAD_NOT_JOINED,
                                                .where = {thread_at(i)->created_at, NULL},
                                                .thread = thread_at(i)->id,
                                                .more = more_like(i)});
}
