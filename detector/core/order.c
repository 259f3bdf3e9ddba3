/* SPDX-License-Identifier: MIT */
/*
 * Can two acquisitions happen at the same time, or does something order them?
 *
 * 1. A thread gets a slot with its first dependency; a dependency's stamp is (slot, tick, what
 *    the thread knew).
 * 2. A release (create, exit, sem_post, signal, barrier) publishes the thread's knowledge with
 *    its own tick, and the tick moves on; an acquire merges.
 * 3. a is before b iff b's thread knew a's tick.
 *
 * Vectors are immutable while shared (references > 1): a merge into a shared one copies.
 */
#include "detector/core/order.h"

#include "detector/core/arena.h"

#include <string.h>

static struct {
    uint32_t count;                /* slots in use are 1..count, less the free ones */
    uint32_t free_count;
    uint32_t last_tick[ORDER_SLOTS]; /* ticks go on when a slot is used again */
    uint32_t references[ORDER_SLOTS]; /* the thread itself, and stamps */
    uint32_t free[ORDER_SLOTS];
} slots;

uint32_t order_epoch = 1;

static size_t vector_bytes(uint32_t size)
{
    return sizeof(struct order_vector) + size * sizeof(uint32_t);
}

void order_vector_drop(struct order_vector **vector)
{
    struct order_vector *dropped = *vector;

    *vector = NULL;
    if (dropped && --dropped->references == 0)
        arena_free(dropped, vector_bytes(dropped->size));
}

static struct order_vector *share(struct order_vector *vector)
{
    if (vector)
        vector->references++;
    return vector;
}

/* Makes *vector writable and at least `size` long. False: no memory, *vector is as before. */
static bool make_writable(struct order_vector **vector, uint32_t size)
{
    struct order_vector *old = *vector, *copy;

    if (old && old->references == 1 && old->size >= size)
        return true;
    if (old && old->size > size)
        size = old->size;
    size = (size + 7) & ~7u;
    copy = arena_alloc(vector_bytes(size));
    if (!copy)
        return false;
    copy->references = 1;
    copy->size = size;
    if (old)
        memcpy(copy->ticks, old->ticks, old->size * sizeof old->ticks[0]);
    order_vector_drop(vector);
    *vector = copy;
    return true;
}

static void set_tick(struct order_vector **vector, uint32_t slot, uint32_t tick)
{
    if (*vector && slot < (*vector)->size && (*vector)->ticks[slot] >= tick)
        return;
    order_epoch++;
    if (make_writable(vector, slot + 1))
        (*vector)->ticks[slot] = tick;
}

static bool includes(const struct order_vector *larger, const struct order_vector *smaller)
{
    if (larger == smaller)
        return true;
    for (uint32_t i = 0; i < smaller->size; i++)
        if (smaller->ticks[i] && (!larger || i >= larger->size ||
                                  larger->ticks[i] < smaller->ticks[i]))
            return false;
    return true;
}

static void merge(struct order_vector **into, const struct order_vector *from)
{
    if (!from || includes(*into, from))
        return;
    order_epoch++;
    if (!*into) {
        *into = share((struct order_vector *)from);
        return;
    }
    if (!make_writable(into, from->size))
        return;
    for (uint32_t i = 0; i < from->size; i++)
        if (from->ticks[i] > (*into)->ticks[i])
            (*into)->ticks[i] = from->ticks[i];
}

static uint32_t slot_take(void)
{
    uint32_t slot = ORDER_NONE;

    if (slots.free_count)
        slot = slots.free[--slots.free_count];
    else if (slots.count + 1 < ORDER_SLOTS)
        slot = ++slots.count;
    if (slot != ORDER_NONE)
        slots.references[slot] = 1;
    return slot;
}

static void slot_drop(uint32_t slot)
{
    if (slot != ORDER_NONE && --slots.references[slot] == 0)
        slots.free[slots.free_count++] = slot;
}

struct order_stamp order_stamp_take(struct order_clock *clock)
{
    if (clock->slot == ORDER_NONE) {
        clock->slot = slot_take();
        if (clock->slot != ORDER_NONE)
            clock->tick = slots.last_tick[clock->slot] + 1;
    }
    if (clock->slot != ORDER_NONE)
        slots.references[clock->slot]++;
    order_epoch += !clock->stamped;
    clock->stamped = true;
    return (struct order_stamp){clock->slot, clock->tick, share(clock->known)};
}

void order_stamp_drop(struct order_stamp *stamp)
{
    slot_drop(stamp->slot);
    order_vector_drop(&stamp->known);
    stamp->slot = ORDER_NONE;
}

bool order_before(const struct order_stamp *a, const struct order_stamp *b)
{
    if (a->slot == ORDER_NONE || b->slot == ORDER_NONE)
        return true;
    if (a->slot == b->slot)
        return a->tick <= b->tick;
    return b->known && a->slot < b->known->size && b->known->ticks[a->slot] >= a->tick;
}

void order_publish(struct order_clock *clock, struct order_vector **into)
{
    merge(into, clock->known);
    if (clock->slot == ORDER_NONE)
        return;
    set_tick(into, clock->slot, clock->stamped ? clock->tick : clock->tick - 1);
    clock->tick += clock->stamped;
    clock->stamped = false;
}

void order_accept(struct order_clock *clock, const struct order_vector *from)
{
    merge(&clock->known, from);
}

void order_clock_end(struct order_clock *clock)
{
    if (clock->slot != ORDER_NONE) {
        slots.last_tick[clock->slot] = clock->tick;
        slot_drop(clock->slot);
    }
    clock->slot = ORDER_NONE;
    order_vector_drop(&clock->known);
}
