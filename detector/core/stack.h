/* SPDX-License-Identifier: MIT */
/*
 * stack.h - call stacks, kept once each, and the cache that makes asking for one cheap
 *
 * Layer:    detector/core
 * Memory:   a struct stack lives as long as the process; the cache belongs to its thread
 * Locking:  stack_here() by the owner thread only; the depot has its own raw_lock
 * Errors:   no memory: a stack of one frame, or NULL
 */
#ifndef GRIDLOCK_CORE_STACK_H
#define GRIDLOCK_CORE_STACK_H

#include <stdbool.h>
#include <stdint.h>

enum { STACK_DEPTH = 12, STACK_SITES = 64 };

/* Where the program called the wrapper: its return address, and the stack pointer it will have
 * when the wrapper has returned. */
struct site {
    const void *pc;
    const void *sp;
};

#define CALL_SITE()                                                                                \
    ((struct site){.pc = __builtin_extract_return_addr(__builtin_return_address(0)),               \
                   .sp = __builtin_dwarf_cfa()})

struct stack {
    struct stack *next; /* in the depot's bucket */
    uint64_t hash;
    uint32_t depth;
    bool in_signal_handler; /* a signal frame lies between two of the frames */
    const void *frames[];   /* return addresses, innermost first */
};

/* One remembered site: its stack, and where in memory its return addresses lay. */
struct stack_site {
    struct site site;
    const struct stack *stack;
    uint32_t verified; /* frames that can be checked: frames[1..verified] */
    const uintptr_t *slots[STACK_DEPTH];
};

struct stack_cache {
    uint32_t misses;
    struct stack_site sites[STACK_SITES];
};

/* Unwinds from `site` outwards. Costs microseconds. */
const struct stack *stack_capture(struct site site);

/* The part of stack_here() that a hit does not need. */
const struct stack *stack_cache_miss(struct stack_cache *cache, struct stack_site *entry,
                                     struct site site);

/*
 * The stack at `site`, from the thread's cache if all return addresses still stand where they
 * stood when it was unwound. NULL: too many different stacks lead here, only site.pc is known.
 */
static inline const struct stack *stack_here(struct stack_cache *cache, struct site site)
{
    uintptr_t key = ((uintptr_t)site.pc >> 2) ^ ((uintptr_t)site.sp >> 4);
    struct stack_site *entry = &cache->sites[(key ^ (key >> 6)) % STACK_SITES];

    if (__builtin_expect(entry->site.pc != site.pc || entry->site.sp != site.sp, 0))
        return stack_cache_miss(cache, entry, site);
    for (uint32_t i = 1; i <= entry->verified; i++)
        if (__builtin_expect(*entry->slots[i] != (uintptr_t)entry->stack->frames[i], 0))
            return stack_cache_miss(cache, entry, site);
    return entry->stack;
}

/* Around a fork, so that the child finds the depot whole. */
void stack_lock(void);
void stack_unlock(void);

#endif
