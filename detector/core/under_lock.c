/* SPDX-License-Identifier: MIT */
/*
 * Does somebody wait for a partner with a lock held that the partner needs before it comes?
 *
 * That hangs when the turns fall so; this file finds it in a run that was lucky. The cycle has two
 * edges, and both must have been seen:
 *
 * 1. T waits at one end of a channel, or may have to, and holds L for itself alone.
 * 2. Every thread that was seen at the other end took L, and waited for it if need be, between its
 *    last operation on the channel and this one, or holds it at that moment.
 *
 * And nothing but L may keep the two apart: if U's turn with L is known to have come before T's, or
 * T's before U's, by any other hand-over, it is no cycle. A buffer that was never filled up holds
 * nobody up.
 *
 * What is remembered of a lock that was given back is the last one only; less is found, then.
 */
#include "detector/core/under_lock.h"

#include "detector/core/event.h"
#include "detector/core/finding.h"
#include "detector/core/misuse.h"

enum { NOTES = 64 }; /* a thread notes so many needs; each costs a stamp */

/* --- when --- */

static struct moment moment_now(struct thread *thread)
{
    struct detector_guard guard = detector_enter(thread);
    struct order_stamp stamp = order_stamp_take(&thread->clock);
    struct moment moment = {stamp.slot, stamp.tick};

    order_stamp_drop(&stamp);
    detector_leave(guard);
    return moment;
}

/* Is `earlier` known to have happened before what `thread` does now? */
static bool known_before(const struct moment *earlier, struct thread *thread)
{
    struct order_stamp then = {earlier->slot, earlier->tick, NULL}, now;
    struct detector_guard guard = detector_enter(thread);
    bool before;

    now = order_stamp_take(&thread->clock);
    before = order_before(&then, &now);
    order_stamp_drop(&now);
    detector_leave(guard);
    return before;
}

/* --- the second edge: what was needed --- */

static bool is_gate(const struct held_lock *lock)
{
    return lock->how == HOW_BLOCKING && lock->kind != LOCK_SEMAPHORE;
}

static const struct held_lock *outermost_gate(struct thread *thread)
{
    for (uint32_t i = 0; i < thread->held.count; i++)
        if (is_gate(held_at(&thread->held, i)))
            return held_at(&thread->held, i);
    return NULL;
}

static void note(struct thread *thread, const void *lock, const struct held_lock *entry)
{
    if (thread->need.serial >= NOTES)
        return;
    thread->need = (struct need){.lock = lock,
                                 .stack = entry->stack,
                                 .pc = entry->pc,
                                 .serial = thread->need.serial + 1,
                                 .when = moment_now(thread)};
}

/* The lock that it gave back last stood at the bottom of its held-lock set, and its entry, but for
 * the object, is still there. */
static void note_released(struct thread *thread)
{
    const struct held_lock *entry = held_at(&thread->held, 0);

    if (thread->last_released == thread->noted)
        thread->noted = NULL;
    else if (!thread->held.count && is_gate(entry))
        note(thread, thread->last_released, entry);
    thread->last_released = (const void *)((uintptr_t)thread->last_released | THREAD_RELEASE_SEEN);
}

static void note_held(struct thread *thread)
{
    const struct held_lock *gate = outermost_gate(thread);

    if (!gate || gate->object == thread->noted)
        return;
    thread->noted = gate->object;
    note(thread, gate->object, gate);
}

/* What `thread` needed since it had noted `seen`; its lock is NULL if it needed none. */
static struct need need_since(struct thread *thread, uint32_t seen)
{
    if (under_lock_pending(thread))
        note_released(thread);
    note_held(thread);
    return thread->need.serial > seen ? thread->need : (struct need){.serial = thread->need.serial};
}

/* --- the report --- */

struct meeting {
    uint32_t waiter, partner; /* ids */
    struct where waits, comes;
    struct where held, needed; /* where each took the lock; nothing: not known */
    const void *lock;
    enum lock_kind kind;
    unsigned object;
    enum wait_kind how;
};

static const struct words {
    const char *waits, *comes, *operation, *answer;
} words[] = {
    [WAIT_SEND] = {"sends on", "receives", "send", "receive"},
    [WAIT_RECEIVE] = {"receives from", "sends", "receive", "send"},
    [WAIT_WAITGROUP] = {"waits for", "is done", "waitgroup-wait", "done"},
};

static void tell(const struct meeting *m, unsigned lock)
{
    const struct words *say = &words[m->how];

    finding_message(
        "{thread:%u} %s {object:%u} while it holds {object:%u}, which {thread:%u} needs "
        "before it %s; it did not hang in this run",
        m->waiter, say->waits, m->object, lock, m->partner, say->comes);
    finding_thread_at(m->waiter, m->waits);
    finding_thread_at(m->partner, m->comes);
    finding_place(m->waiter, m->held, false, "{thread:%u} took {object:%u} here", m->waiter, lock);
    finding_place(m->waiter, m->waits, true, "and %s {object:%u} here, with it held", say->waits,
                  m->object);
    if (m->needed.stack || m->needed.pc)
        finding_place(m->partner, m->needed, false, "{thread:%u} needs {object:%u} here",
                      m->partner, lock);
    finding_place(m->partner, m->comes, false, "before it %s here", say->comes);
    finding_help("give the lock back before the wait: copy under the lock what is needed, then "
                 "send, receive or wait without it");
    finding_turn(m->waiter, "lock", lock, m->held, 0);
    finding_turn(m->partner, "lock", lock, m->needed.stack || m->needed.pc ? m->needed : m->comes,
                 m->waiter);
    finding_turn(m->waiter, say->operation, m->object, m->waits, m->partner);
}

static void report(const struct meeting *m, const struct channel *channel, const void *waitgroup)
{
    struct finding_head head = {.name = "wait-under-lock",
                                .severity = SEVERITY_WARNING,
                                .confidence = CONFIDENCE_POSSIBLE,
                                .lesson = "deadlocks/chan-op-under-lock"};
    struct meeting told = *m;

    head.identity = ((uintptr_t)m->waits.pc * 31 + (uintptr_t)m->comes.pc) * 31 + m->how;
    if (!finding_begin(&head))
        return;
    told.object = channel ? finding_channel(channel, channel->address)
                          : finding_object(waitgroup, OBJECT_WAITGROUP);
    tell(&told, finding_object(m->lock, object_kind_of_lock(m->kind)));
    finding_end();
}

/* --- channels --- */

/* Did all who came to this end need the lock? */
static bool all_need(const struct channel_end *end, const void *lock, uint32_t but)
{
    if (!end->count || end->strangers || end->renewed)
        return false;
    for (uint32_t i = 0; i < end->count; i++)
        if (end->partners[i].need.lock != lock || end->partners[i].thread == but)
            return false;
    return true;
}

static bool can_block(const struct channel *channel, enum channel_side side)
{
    return side == SIDE_RECEIVE || !channel->capacity || channel->was_full;
}

static struct meeting meeting_of(const struct channel_end *waits,
                                 const struct channel_partner *comes, enum channel_side side)
{
    return (struct meeting){.waiter = waits->under.thread,
                            .partner = comes->thread,
                            .waits = {waits->under.stack, waits->under.pc},
                            .comes = {comes->stack, comes->pc},
                            .held = {waits->under.lock_stack, waits->under.lock_pc},
                            .needed = {comes->need.stack, comes->need.pc},
                            .lock = waits->under.lock,
                            .kind = waits->under.kind,
                            .how = side == SIDE_SEND ? WAIT_SEND : WAIT_RECEIVE};
}

void under_lock_note(struct channel *channel, enum channel_side side, struct thread *thread,
                     uint32_t place)
{
    struct channel_end *here = &channel->ends[side], *there = &channel->ends[!side];
    struct channel_partner *self = &here->partners[place];
    /* What it needed before its last operation at the other end does not count either. */
    const struct channel_partner *other = channel_partner(there, thread->id);
    uint32_t seen = self->need.serial;
    struct meeting meeting;

    if (other && other->need.serial > seen)
        seen = other->need.serial;
    self->need = need_since(thread, seen);
    here->needs |= self->need.lock != NULL;
    if (!self->need.lock || self->need.lock != there->under.lock ||
        there->under.thread == thread->id ||
        !all_need(here, self->need.lock, there->under.thread) || !can_block(channel, !side) ||
        known_before(&there->under.when, thread))
        return;
    meeting = meeting_of(there, self, !side);
    report(&meeting, channel, NULL);
}

void under_lock_check(struct channel *channel, enum channel_side side, struct thread *thread,
                      struct site site)
{
    struct channel_end *here = &channel->ends[side], *there = &channel->ends[!side];
    const struct held_lock *gate = outermost_gate(thread);
    struct meeting meeting;

    if (!gate || gate->mode != MODE_EXCLUSIVE || thread->need.serial >= NOTES)
        return;
    here->under = (struct under){.thread = thread->id,
                                 .lock = gate->object,
                                 .kind = gate->kind,
                                 .stack = stack_here(&thread->sites, site),
                                 .pc = site.pc,
                                 .lock_stack = gate->stack,
                                 .lock_pc = gate->pc,
                                 .when = moment_now(thread)};
    if (!all_need(there, gate->object, thread->id) || !can_block(channel, side))
        return;
    for (uint32_t i = 0; i < there->count; i++)
        if (known_before(&there->partners[i].need.when, thread))
            return;
    meeting = meeting_of(here, &there->partners[there->last], side);
    report(&meeting, channel, NULL);
}

/* --- WaitGroups: `gates` holds the lock that every done so far needed --- */

void under_lock_note_done(struct object *waitgroup, struct thread *thread)
{
    struct object_service *service = waitgroup->service;
    struct need need = need_since(thread, thread->need_done);
    struct detector_guard guard;

    thread->need_done = thread->need.serial;
    if (!service->post_seen && need.lock) {
        service->gates[0] = need.lock;
        service->gate_count = 1;
    } else if (!need.lock || service->gates[0] != need.lock) {
        service->gate_count = 0;
    }
    service->post_seen = true;
    service->needed = need;
    if (!service->gate_count)
        return;
    guard = detector_enter(thread);
    order_stamp_drop(&service->post_stamp);
    service->post_stamp = order_stamp_take(&thread->clock);
    detector_leave(guard);
}

void under_lock_check_wait(struct object *waitgroup, struct thread *thread, struct site site)
{
    const struct object_service *service = waitgroup->service;
    const struct held_lock *gate = outermost_gate(thread);
    struct meeting meeting = {.how = WAIT_WAITGROUP};

    if (!gate || gate->mode != MODE_EXCLUSIVE || !service->gate_count ||
        service->gates[0] != gate->object || service->last.thread == thread->id ||
        known_before(&service->needed.when, thread))
        return;
    meeting.waiter = thread->id;
    meeting.partner = service->last.thread;
    meeting.waits = misuse_where(site);
    meeting.comes = (struct where){service->last.stack, service->last.pc};
    meeting.held = (struct where){gate->stack, gate->pc};
    meeting.needed = (struct where){service->needed.stack, service->needed.pc};
    meeting.lock = gate->object;
    meeting.kind = gate->kind;
    report(&meeting, NULL, (const void *)waitgroup->address);
}
