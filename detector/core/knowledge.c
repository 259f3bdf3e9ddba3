/* SPDX-License-Identifier: MIT */
/*
 * Does a hand-over tell anybody anything new?
 *
 * A key stands for one direction of one hand-over: the vector's address for what is published
 * there, the byte behind it for what is accepted. While order_epoch stands, doing the same again
 * changes nothing. A slot that was taken by another key only costs a second look.
 */
#include "detector/core/knowledge.h"

#include "detector/core/event.h"

static uintptr_t slot_of(const char *key)
{
    return (uintptr_t)key * UINT64_C(0x9e3779b97f4a7c15) >> 60; /* SETTLED_SLOTS is 16 */
}

static bool is_settled(const struct thread *thread, const char *key)
{
    uintptr_t slot = slot_of(key);

    return thread->settled[slot].key == key &&
           thread->settled[slot].epoch == __atomic_load_n(&order_epoch, __ATOMIC_RELAXED);
}

/* Requires: the detector's lock. */
static void settle(struct thread *thread, const char *key)
{
    uintptr_t slot = slot_of(key);

    thread->settled[slot].key = key;
    thread->settled[slot].epoch = order_epoch;
}

void knowledge_publish(struct thread *thread, struct order_vector **vector)
{
    const char *key = (const char *)vector;
    struct detector_guard guard;

    if (!knows_something(thread) || is_settled(thread, key))
        return;
    guard = detector_enter(thread);
    order_publish(&thread->clock, vector);
    settle(thread, key);
    detector_leave(guard);
}

void knowledge_accept(struct thread *thread, struct order_vector *const *vector)
{
    const char *key = (const char *)vector + 1;
    struct detector_guard guard;

    if (!*vector || is_settled(thread, key))
        return;
    guard = detector_enter(thread);
    order_accept(&thread->clock, *vector);
    settle(thread, key);
    detector_leave(guard);
}
