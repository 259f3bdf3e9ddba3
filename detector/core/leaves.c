/* SPDX-License-Identifier: MIT */
/*
 * Which locks are never held while another one is asked for? See leaves.h.
 *
 * Two threads may meet: one sets a demand for the lock aside while the other finds that it is no
 * leaf. Each writes its own bit before it reads the other's, all in one order: so at least one of
 * them sees both.
 */
#include "detector/core/leaves.h"

#include "detector/core/object.h"

enum { BITS = 65536 };

static uint64_t held_over[BITS / 64]; /* not a leaf */
static uint64_t set_aside[BITS / 64]; /* demands for it were not recorded */

static unsigned bit_of(const void *lock)
{
    return (unsigned)(((uintptr_t)lock >> 3) * UINT64_C(0x9e3779b97f4a7c15) >> 48);
}

static bool get(const uint64_t *bits, unsigned bit)
{
    return __atomic_load_n(&bits[bit / 64], __ATOMIC_SEQ_CST) >> bit % 64 & 1;
}

static void set(uint64_t *bits, unsigned bit)
{
    __atomic_fetch_or(&bits[bit / 64], UINT64_C(1) << bit % 64, __ATOMIC_SEQ_CST);
}

void leaves_not(struct held *held, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const void *lock = held_at(held, i)->object;
        unsigned bit = bit_of(lock);

        if (get(held_over, bit))
            continue;
        set(held_over, bit);
        if (get(set_aside, bit))
            __atomic_fetch_add(&object_generations[((uintptr_t)lock >> 4) % OBJECT_GENERATIONS], 1,
                               __ATOMIC_RELAXED);
    }
}

bool leaves_set_aside(const void *wanted)
{
    unsigned bit = bit_of(wanted);

    if (get(held_over, bit))
        return false;
    if (!get(set_aside, bit))
        set(set_aside, bit);
    return !get(held_over, bit);
}
