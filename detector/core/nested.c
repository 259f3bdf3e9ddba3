/* SPDX-License-Identifier: MIT */
/*
 * What happens when a thread asks for a lock while it holds others?
 *
 * 1. Its own cache of chains knows this one: nothing (event.h).
 * 2. The table of all threads' chains knows it: nothing but a copy into the cache. No lock.
 *    The same in a large program for a lock that is never held over another one (leaves.h).
 * 3. Else, under the detector's lock: the objects get records, the demand goes into the
 *    lock-order graph, and a cycle that this closes is reported.
 *
 * The graph lives here, and with it the end of the locks that it knows.
 */
#include "detector/core/nested.h"

#include "detector/core/arena.h"
#include "detector/core/event.h"
#include "detector/core/finding.h"
#include "detector/core/leaves.h"
#include "detector/core/lock_order.h"
#include "detector/core/lock_order_report.h"
#include "detector/core/misuse.h"
#include "detector/core/probe.h"
#include "detector/core/seen.h"

enum { HOT_LOOKS = 20000, MANY_SHAPES = 1500 };

static struct lock_order order;

/* A demand being built; the detector's lock guards it. Not on the stack: threads may have 16 KiB
 * of it, and nobody limits how many locks are held at once. */
static struct acquisition *demand;
static unsigned demand_capacity;

void nested_retire(struct object *object)
{
    if (object->vertex)
        lock_order_remove(&order, object->vertex);
    object_retire(object);
}

struct object *nested_current_object(const struct held_lock *lock)
{
    struct object *object = object_find(lock->object);

    if (object && !object_is_current(object)) {
        nested_retire(object);
        object = NULL;
    }
    if (!object || object->kind == OBJECT_UNKNOWN)
        object = object_get(lock->object, object_kind_of_lock(lock->kind), lock->stack);
    return object;
}

/* --- nested locks --- */

/* Requires: the detector's lock. */
static bool add_acquisition(unsigned i, const struct held_lock *lock, bool is_held)
{
    struct object *object = nested_current_object(lock);

    if (object && object->kind == OBJECT_SEMAPHORE && object->service &&
        object->service->foreign_posts)
        return false; /* held from the time when it looked like a lock */
    if (object && !object->vertex) {
        object->vertex = is_held ? lock_order_vertex_in_front(&order, object)
                                 : lock_order_vertex(&order, object);
        if (object->vertex)
            order.vertices[object->vertex].readers_queue =
                object->readers && object->readers->writer_seen;
    }
    if (!object || !object->vertex ||
        !arena_grow((void **)&demand, &demand_capacity, i + 1, sizeof *demand))
        return false;
    if (!object->seen_at)
        object->seen_at = lock->stack;
    demand[i] = (struct acquisition){.vertex = object->vertex,
                                     .mode = lock->mode,
                                     .gate_only = lock->inherited,
                                     .pc = lock->pc,
                                     .stack = lock->stack};
    return true;
}

/* Locks that the creator holds since it created this thread guard this thread too, until it is
 * joined; if the creator has let go meanwhile, they do not. */
static unsigned add_inherited(struct thread *thread, unsigned count)
{
    struct thread *creator = thread->gate_count ? thread_by_id(thread->created_by) : NULL;

    for (uint32_t i = 0; creator && i < thread->gate_count; i++) {
        struct held_lock *lock = held_find(&creator->held, thread->gates[i].object);
        struct held_lock copy;

        if (!lock || lock->stack != thread->gates[i].stack ||
            held_find(&thread->held, thread->gates[i].object))
            continue;
        copy = *lock;
        copy.inherited = true;
        copy.pc = (const void *)(uintptr_t)creator->id;
        count += add_acquisition(count, &copy, true);
    }
    return count;
}

/* A mutex knows its owner: another thread may have unlocked it, or it was made anew. */
static bool still_holds(const struct thread *thread, const struct held_lock *lock)
{
    struct probe_mutex state;

    if (!lock->object || lock->kind != LOCK_MUTEX)
        return lock->object;
    state = probe_mutex(lock->object);
    return !state.known || state.owner == thread->tid || state.owner == thread->forked_from;
}

/* Fills `demand`: what is held (the newest is `wanted`), then what is wanted. Returns how many
 * are held; 0: out of memory. */
static unsigned build_demand(struct thread *thread, struct held_lock *wanted)
{
    unsigned count = 0;
    uint32_t held = (uint32_t)(wanted - held_at(&thread->held, 0));

    for (uint32_t i = 0; i < held; i++)
        if (still_holds(thread, held_at(&thread->held, i)))
            count += add_acquisition(count, held_at(&thread->held, i), true);
    if (count)
        count = add_inherited(thread, count);
    return count && add_acquisition(count, wanted, false) ? count : 0;
}

static uint64_t demand_key(unsigned count)
{
    uint64_t key = count;

    for (unsigned i = 0; i <= count; i++) {
        uint64_t one = demand[i].vertex << 2 | demand[i].gate_only << 1 | demand[i].mode;

        key = (key ^ one) * UINT64_C(0x9e3779b97f4a7c15);
        key ^= key >> 32;
    }
    return key;
}

/* A semaphore that nobody has given back who took it may still turn out to hand something over. */
static bool is_proven_lock(const struct acquisition *acquisition)
{
    const struct object *object = order.vertices[acquisition->vertex].lock;

    return object->kind != OBJECT_SEMAPHORE || (object->service && object->service->post_seen);
}

static void doubt_semaphores(struct lock_cycle *cycle)
{
    for (uint32_t i = 0; i < cycle->length && cycle->verdict == CYCLE_POSSIBLE; i++) {
        const struct cycle_link *link = &cycle->links[i];

        if (!is_proven_lock(&link->instance->all[link->held]) ||
            !is_proven_lock(&link->instance->all[link->shape->held_count]))
            cycle->verdict = CYCLE_ORDERED;
    }
}

/* All shapes of a cycle that only time forbids are looked at again when they happen again. */
static bool keep_hot(struct lock_cycle *cycle, struct shape *shape)
{
    if (cycle->verdict == CYCLE_ORDERED)
        for (uint32_t i = 0; i < cycle->length; i++) {
            struct shape *link = lock_order_find(&order, cycle->links[i].shape->key);

            if (link)
                link->hot = true;
        }
    if (!shape || !shape->hot)
        return false;
    if (++shape->looks >= HOT_LOOKS || cycle->verdict == CYCLE_POSSIBLE)
        shape->hot = false;
    return shape->hot;
}

void event_nested(struct thread *thread, struct held_lock *wanted, struct site site)
{
    uint64_t chain = wanted->chain;
    uint64_t seen_key = chain ^ ((uint64_t)thread->segment << 32 | thread->id) *
                                    UINT64_C(0xd6e8feb86659fd93);
    struct detector_guard guard;
    struct lock_cycle cycle = {.verdict = CYCLE_NONE};
    bool begun = false, hot = false;
    unsigned count;

    leaves_not(&thread->held, (uint32_t)(wanted - held_at(&thread->held, 0)));
    if ((order.shape_count > MANY_SHAPES && leaves_set_aside(wanted->object)) ||
        seen_before(seen_key)) {
        thread->seen[SEEN_SLOT(chain)] = chain;
        return;
    }
    guard = detector_enter(thread);
    if (!wanted->stack) /* the call site alone will not do for evidence */
        wanted->stack = stack_capture(site);
    count = build_demand(thread, wanted);
    if (count) {
        uint64_t key = demand_key(count);
        struct order_stamp stamp = order_stamp_take(&thread->clock);

        thread->remembered = true;
        lock_order_add(&order, key, demand, count, thread->id, stamp, &cycle);
        doubt_semaphores(&cycle);
        hot = keep_hot(&cycle, lock_order_find(&order, key));
        begun = lock_order_report(&order, &cycle);
    }
    if (!hot) {
        seen_add(seen_key);
        thread->seen[SEEN_SLOT(chain)] = chain;
    }
    detector_leave(guard);
    if (begun)
        finding_end();
    if (order.dropped || order.given_up)
        limit_reached(order.dropped ? "the lock-order graph is full: further lock orders are not checked"
                                    : "a search for lock-order cycles was cut short");
}

/* --- rwlocks whose readers queue behind writers --- */

static void report_second_read(const void *rwlock, const struct object_readers *readers)
{
    misuse_report(&(struct misuse_case){.rule = MISUSE_RECURSIVE_READ_LOCK,
                                        .object = rwlock,
                                        .kind = OBJECT_RWLOCK,
                                        .where = {readers->second.stack, readers->second.pc},
                                        .thread = readers->twice,
                                        .other_thread = readers->twice,
                                        .other_where = {readers->first.stack, readers->first.pc}});
}

/* What was noted of the rwlock's readers and writers, if its record is not an old lock's. */
static const struct object_readers *readers_of(const void *rwlock)
{
    const struct object *object = object_find(rwlock);

    return object && object_is_current(object) ? object->readers : NULL;
}

void event_read_again(struct thread *thread, const struct held_lock *lock, struct site site)
{
    const struct object_readers *noted = readers_of(lock->object);
    struct object_readers *readers, copy = {.twice = 0};
    struct detector_guard guard;
    struct object *object;

    if (noted && noted->twice)
        return;
    guard = detector_enter(thread);
    object = nested_current_object(lock);
    readers = object ? object_readers(object) : NULL;
    if (readers) {
        readers->twice = thread->id;
        readers->first = (struct object_event){thread->id, 0, lock->pc, lock->stack};
        readers->second = (struct object_event){thread->id, 0, site.pc, stack_capture(site)};
        readers->stamp = order_stamp_take(&thread->clock);
        thread->remembered = true;
        copy = *readers;
    }
    detector_leave(guard);
    if (copy.writer_seen)
        report_second_read(lock->object, &copy);
}

void event_write_seen(struct thread *thread, const void *rwlock, struct site site)
{
    struct held_lock lock = {.object = rwlock, .kind = LOCK_RWLOCK, .pc = site.pc};
    const struct object_readers *noted = readers_of(rwlock);
    struct object_readers *readers, copy = {.twice = 0};
    struct lock_cycle cycle = {.verdict = CYCLE_NONE};
    struct detector_guard guard;
    struct object *object;
    bool begun = false, twice = false;

    if (noted && noted->writer_seen)
        return;
    guard = detector_enter(thread);
    lock.stack = stack_capture(site);
    object = nested_current_object(&lock);
    readers = object ? object_readers(object) : NULL;
    if (readers && !readers->writer_seen) {
        struct order_stamp now = order_stamp_take(&thread->clock);

        readers->writer_seen = true;
        twice = readers->twice && readers->twice != thread->id &&
                !order_before(&readers->stamp, &now);
        copy = *readers;
        order_stamp_drop(&now);
        if (object->vertex)
            lock_order_readers_queue(&order, object->vertex, &cycle);
        begun = lock_order_report(&order, &cycle);
    }
    detector_leave(guard);
    if (begun)
        finding_end();
    if (twice)
        report_second_read(rwlock, &copy);
}
