/* SPDX-License-Identifier: MIT */
/*
 * What does this thread hold? An array, oldest first: the order of acquisition is the evidence.
 *
 * Invariants: places [0, count) are taken; places from count on have object == NULL.
 */
#include "detector/core/held.h"

#include "detector/core/arena.h"

#include <string.h>

bool held_grow(struct held *held)
{
    uint32_t capacity = held->capacity ? held->capacity * 4 : HELD_INLINE;
    struct held_lock *grown = held->capacity ? arena_alloc(capacity * sizeof *grown) : held->first;

    if (!grown)
        return false;
    if (held->count)
        memcpy(grown, held->locks, held->count * sizeof *grown);
    /* The old array is not given back: the watcher may still be reading it. */
    __atomic_store_n(&held->locks, grown, __ATOMIC_RELEASE);
    held->capacity = capacity;
    return true;
}

struct held_lock *held_find(struct held *held, const void *object)
{
    /* The watcher looks into other threads' sets: first the count, then the array that has room
     * for it. */
    for (uint32_t i = __atomic_load_n(&held->count, __ATOMIC_ACQUIRE); i-- > 0;)
        if (held_at(held, i)->object == object)
            return held_at(held, i);
    return NULL;
}

void held_remove(struct held *held, struct held_lock *lock)
{
    struct held_lock *last = held_at(held, held->count - 1);

    memmove(lock, lock + 1, (size_t)(last - lock) * sizeof *lock);
    last->object = NULL;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    held->count--;
}
