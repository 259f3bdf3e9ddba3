/* SPDX-License-Identifier: MIT */
/*
 * Whom does each thread wait for, now?
 *
 * The answer comes from the objects themselves where they know it: a mutex names its owner, a
 * read-write lock counts its readers. Held-lock sets tell which blocked threads are among those
 * readers; if one cannot be accounted for, it is taken to be running.
 *
 * The rule for doubt is everywhere the same: what cannot be seen can act (`outside`).
 */
#include "detector/core/snapshot.h"

#include "detector/core/arena.h"
#include "detector/core/object.h"
#include "detector/core/probe.h"
#include "detector/core/stuck.h"

void snapshot_add(struct snapshot *snapshot, uint32_t node, uint32_t successor)
{
    if (!arena_grow((void **)&snapshot->successors, &snapshot->successor_capacity,
                    snapshot->successor_count + 1, sizeof successor)) {
        snapshot->nodes[node].state = NODE_RUNNING; /* in doubt, it runs */
        return;
    }
    snapshot->successors[snapshot->successor_count++] = successor;
    snapshot->nodes[node].count++;
}

static void wait_for_thread(struct snapshot *snapshot, uint32_t node, struct thread *owner)
{
    struct snapshot_thread *self = &snapshot->threads[node];

    self->owner = owner;
    self->exited_owner = owner->state == THREAD_EXITED;
    self->lost_owner = owner->state == THREAD_LOST;
    if (owner->state == THREAD_FREE || owner->index >= snapshot->count)
        snapshot_add(snapshot, node, snapshot->outside);
    else
        snapshot_add(snapshot, node, owner->index);
}

static void wait_for_mutex(struct snapshot *snapshot, uint32_t node, const void *mutex)
{
    struct probe_mutex state = probe_mutex(mutex);
    struct thread *owner = state.owner ? thread_by_tid(state.owner) : NULL;

    if (!state.known || !state.locked || !owner) {
        snapshot_add(snapshot, node, snapshot->outside);
        return;
    }
    if (owner->state == THREAD_ALIVE && owner->index != node && !state.shared &&
        !held_find(&owner->held, mutex)) {
        snapshot->threads[node].copied = true;
        snapshot->threads[node].weak = true;
        snapshot->threads[node].owner = owner;
        snapshot_add(snapshot, node, snapshot->never);
        return;
    }
    wait_for_thread(snapshot, node, owner);
}

/* All blocked threads that hold `object`; the result counts them. */
static uint32_t wait_for_holders(struct snapshot *snapshot, uint32_t node, const void *object)
{
    uint32_t holders = 0;

    for (uint32_t i = 0; i < snapshot->count; i++) {
        struct thread *thread = thread_at(i);
        struct held_lock *lock;

        if (thread->state == THREAD_FREE || !(lock = held_find(&thread->held, object)))
            continue;
        holders += lock->depth;
        wait_for_thread(snapshot, node, thread);
    }
    return holders;
}

static void wait_for_rwlock(struct snapshot *snapshot, uint32_t node, const struct wait *wait)
{
    struct probe_rwlock state = probe_rwlock(wait->object);
    struct thread *writer = state.writer ? thread_by_tid(state.writer) : NULL;
    uint32_t found = 0;

    if (!state.known || state.shared) {
        snapshot_add(snapshot, node, snapshot->outside);
    } else if (state.writer) {
        if (writer)
            wait_for_thread(snapshot, node, writer);
        else
            snapshot_add(snapshot, node, snapshot->outside);
    } else if (wait->kind == WAIT_WRITE_LOCK && state.readers) {
        if (wait_for_holders(snapshot, node, wait->object) < state.readers)
            snapshot_add(snapshot, node, snapshot->outside);
    } else if (wait->kind == WAIT_READ_LOCK && state.prefers_writers) {
        for (uint32_t i = 0; i < snapshot->count; i++)
            if (snapshot->threads[i].wait.kind == WAIT_WRITE_LOCK &&
                snapshot->threads[i].wait.object == wait->object) {
                wait_for_thread(snapshot, node, thread_at(i));
                found++;
            }
        if (!found)
            snapshot_add(snapshot, node, snapshot->outside);
    } else {
        snapshot_add(snapshot, node, snapshot->outside);
    }
}

static void wait_for_anybody(struct snapshot *snapshot, uint32_t node, bool external)
{
    snapshot->threads[node].by_any = true;
    snapshot->nodes[node].state = NODE_WAITS_ANY;
    snapshot_add(snapshot, node, external ? snapshot->outside : snapshot->anybody);
}

/*
 * A thread that keeps a lock while it waits for a signal or a post: if those who were seen to serve
 * it are all stuck, at this very lock perhaps, then so is it, as far as was seen. Somebody who never
 * did before may still come: hence weak. An idle waiter keeps nothing, and is left in peace.
 */
static bool wait_for_servers(struct snapshot *snapshot, uint32_t node, const struct object *object)
{
    const struct object_servers *servers = &object->service->servers;
    uint32_t alive = 0;

    if (!thread_at(node)->held.count || servers->overflow || servers->from_handler)
        return false;
    for (uint32_t i = 0; i < servers->count; i++) {
        const struct thread *thread = thread_by_id(servers->ids[i]);

        if (!thread || thread->state != THREAD_ALIVE || thread->index == node ||
            thread->index >= snapshot->count)
            continue;
        snapshot_add(snapshot, node, thread->index);
        alive++;
    }
    if (!alive)
        return false;
    snapshot->nodes[node].state = NODE_WAITS_ANY;
    snapshot->threads[node].weak = true;
    return true;
}

/* External wakers are believed not to signal a condition that only threads ever signalled. */
static void wait_for_signal(struct snapshot *snapshot, uint32_t node, const struct wait *wait)
{
    struct object *object = object_find(wait->object);
    bool external = snapshot->external;

    if (!object || object->kind != OBJECT_COND || !object->service || object->service->shared) {
        wait_for_anybody(snapshot, node, true);
        return;
    }
    if (object->service->credit) {
        /* Signalled: it, or another waiter, now wants the mutex back. */
        if (object->service->credit >= object->service->waiters)
            wait_for_mutex(snapshot, node, wait->mutex);
        else
            wait_for_anybody(snapshot, node, true);
        return;
    }
    if (wait_for_servers(snapshot, node, object))
        return;
    if (external && object->service->servers.count && !object->service->servers.from_handler) {
        external = false;
        snapshot->threads[node].weak = true;
    }
    wait_for_anybody(snapshot, node, external);
}

static void wait_for_post(struct snapshot *snapshot, uint32_t node, const struct wait *wait)
{
    struct probe_semaphore state = probe_semaphore(wait->object);
    struct object *object = object_find(wait->object);

    if (!state.known || state.value || !object || object->kind != OBJECT_SEMAPHORE ||
        !object->service) {
        wait_for_anybody(snapshot, node, true);
        return;
    }
    if (object->service->initialised && object->service->parties == 1 &&
        !object->service->foreign_posts) {
        if (wait_for_holders(snapshot, node, wait->object) == 1) {
            snapshot->threads[node].weak = true;
            return;
        }
        snapshot->nodes[node].count = 0;
    } else if (!state.shared && !object->service->shared &&
               wait_for_servers(snapshot, node, object)) {
        return;
    }
    wait_for_anybody(snapshot, node, snapshot->external || state.shared || object->service->shared);
}

static void wait_for_barrier(struct snapshot *snapshot, uint32_t node, const struct wait *wait)
{
    struct object *object = object_find(wait->object);

    wait_for_anybody(snapshot, node,
                     !object || object->kind != OBJECT_BARRIER || !object->service ||
                         object->service->shared || !object->service->initialised ||
                         object->service->round != wait->target);
}

static void wait_for_once(struct snapshot *snapshot, uint32_t node, const struct wait *wait)
{
    for (uint32_t i = 0; i < snapshot->count; i++) {
        struct thread *thread = thread_at(i);

        for (uint32_t k = 0; thread->state == THREAD_ALIVE && k < thread->once_count; k++)
            if (k < ONCE_DEPTH && thread->onces[k] == wait->object) {
                wait_for_thread(snapshot, node, thread);
                return;
            }
    }
    snapshot_add(snapshot, node, snapshot->outside);
}

static void wait_for_end(struct snapshot *snapshot, uint32_t node, const struct wait *wait)
{
    struct thread *target = thread_by_id(wait->target);

    /* Joined by somebody else: the C library wakes one joiner only. */
    if (!target || target->joined || target->state == THREAD_LOST)
        snapshot_add(snapshot, node, snapshot->never);
    else if (target->state == THREAD_EXITED)
        snapshot_add(snapshot, node, snapshot->outside);
    else
        wait_for_thread(snapshot, node, target);
}

static void wait_for_waiters(struct snapshot *snapshot, uint32_t node, const void *object)
{
    uint32_t waiters = 0;

    for (uint32_t i = 0; i < snapshot->count; i++)
        if (i != node && snapshot->threads[i].wait.object == object) {
            wait_for_thread(snapshot, node, thread_at(i));
            waiters++;
        }
    if (!waiters)
        snapshot_add(snapshot, node, snapshot->outside);
}

static void add_waits(struct snapshot *snapshot, uint32_t node)
{
    const struct wait *wait = &snapshot->threads[node].wait;

    snapshot->nodes[node].state = NODE_WAITS_ALL;
    snapshot->nodes[node].first = snapshot->successor_count;
    switch (wait->kind) {
    case WAIT_MUTEX:
        wait_for_mutex(snapshot, node, wait->object);
        break;
    case WAIT_SPIN:
        if (!wait_for_holders(snapshot, node, wait->object))
            snapshot_add(snapshot, node, snapshot->outside);
        break;
    case WAIT_READ_LOCK:
    case WAIT_WRITE_LOCK:
        wait_for_rwlock(snapshot, node, wait);
        break;
    case WAIT_JOIN:
        wait_for_end(snapshot, node, wait);
        break;
    case WAIT_COND:
        wait_for_signal(snapshot, node, wait);
        break;
    case WAIT_SEMAPHORE:
        wait_for_post(snapshot, node, wait);
        break;
    case WAIT_BARRIER:
        wait_for_barrier(snapshot, node, wait);
        break;
    case WAIT_ONCE:
        wait_for_once(snapshot, node, wait);
        break;
    case WAIT_DESTROY:
        wait_for_waiters(snapshot, node, wait->object);
        break;
    case WAIT_SEND:
    case WAIT_RECEIVE:
    case WAIT_SELECT:
        snapshot_wait_for_channels(snapshot, node);
        break;
    case WAIT_WAITGROUP:
        snapshot_wait_for_tasks(snapshot, node, wait->object);
        break;
    case WAIT_NONE:
    case WAIT_SLEEP:
        snapshot_add(snapshot, node, snapshot->outside);
        break;
    }
}

static bool copy_cases(struct snapshot *snapshot, const struct thread *thread,
                       struct snapshot_thread *out)
{
    const struct event_case *cases = thread->cases;
    uint32_t count = thread->case_count;

    if (!snapshot_at_channel(out))
        return true;
    if (count > thread->case_capacity ||
        !arena_grow((void **)&snapshot->cases, &snapshot->case_capacity,
                    snapshot->case_total + count + 1, sizeof *snapshot->cases))
        return false;
    for (uint32_t i = 0; i < count; i++)
        snapshot->cases[snapshot->case_total + i] = cases[i];
    out->first_case = snapshot->case_total;
    out->case_count = count;
    snapshot->case_total += count;
    return true;
}

/* In the runtime a thread that was woken, or is only about to sleep, is not asleep. The only thread of
 * a process looks while it is about to (watcher.c). */
static bool sleeps(const struct thread *thread, const struct wait *wait)
{
    return wait->kind < WAIT_SEND || thread->sleep_word == SLEEP_ASLEEP ||
           thread->tid == stuck_looker;
}

/* What `thread` does at this moment; its wait is copied only if it did not change meanwhile. */
static enum wait_node_state look_at(struct snapshot *snapshot, const struct thread *thread,
                                    struct snapshot_thread *out)
{
    uint32_t before = __atomic_load_n(&thread->wait_sequence, __ATOMIC_ACQUIRE);
    bool copied;

    *out = (struct snapshot_thread){.sequence = before};
    if (thread->state != THREAD_ALIVE)
        return thread->state == THREAD_STARTING ? NODE_RUNNING : NODE_EXITED;
    if (before % 2 == 0)
        return NODE_RUNNING;
    out->wait = thread->wait;
    copied = copy_cases(snapshot, thread, out);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (__atomic_load_n(&thread->wait_sequence, __ATOMIC_RELAXED) != before || !copied ||
        out->wait.timed || !sleeps(thread, &out->wait)) {
        out->wait.kind = WAIT_NONE;
        return NODE_RUNNING;
    }
    return NODE_WAITS_ALL;
}

static bool make_room(struct snapshot *snapshot)
{
    snapshot->count = thread_table_size();
    snapshot->outside = snapshot->count;
    snapshot->never = snapshot->count + 1;
    snapshot->anybody = snapshot->count + 2;
    snapshot->successor_count = 0;
    snapshot->case_total = 0;
    return arena_grow((void **)&snapshot->nodes, &snapshot->node_capacity, snapshot->count + 3,
                      sizeof *snapshot->nodes) &&
           arena_grow((void **)&snapshot->threads, &snapshot->thread_capacity, snapshot->count,
                      sizeof *snapshot->threads);
}

bool snapshot_take(struct snapshot *snapshot, bool external, const struct thread *leaving)
{
    if (!make_room(snapshot))
        return false;
    snapshot->external = external;
    snapshot->leaving = leaving != NULL;
    for (uint32_t i = 0; i < snapshot->count; i++) {
        snapshot->nodes[i] = (struct wait_node){
            .state = look_at(snapshot, thread_at(i), &snapshot->threads[i])};
        if (thread_at(i) == leaving)
            snapshot->nodes[i].state = NODE_EXITED;
    }
    for (uint32_t i = 0; i < snapshot->count; i++)
        if (snapshot->nodes[i].state == NODE_WAITS_ALL)
            add_waits(snapshot, i);
    snapshot->nodes[snapshot->outside] = (struct wait_node){.state = NODE_RUNNING};
    snapshot->nodes[snapshot->never] = (struct wait_node){.state = NODE_EXITED};
    snapshot->nodes[snapshot->anybody] = (struct wait_node){.state = NODE_WAITS_ANY,
                                                            .first = snapshot->successor_count};
    for (uint32_t i = 0; i < snapshot->count; i++)
        if (snapshot->nodes[i].state != NODE_EXITED)
            snapshot_add(snapshot, snapshot->anybody, i);
    return true;
}
