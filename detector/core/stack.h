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
#include <stddef.h>
#include <stdint.h>

enum { STACK_DEPTH = 12, STACK_CALLERS = 4, STACK_SITES = 64 };

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

/* A return address, and where in memory it lay. */
struct stack_caller {
    const uintptr_t *slot;
    uintptr_t pc;
};

/* One remembered site. Its stack has no frame that is not checked. A caller that is not there has
 * a slot that always holds its pc, so that the check needs no count. */
struct stack_site {
    struct site site;
    const struct stack *stack;
    struct stack_caller callers[STACK_CALLERS];
} __attribute__((aligned(128)));

struct stack_cache {
    uint32_t misses;
    struct stack_site sites[STACK_SITES];
};

/* Unwinds from `site` outwards, up to STACK_DEPTH frames. Costs microseconds. */
const struct stack *stack_capture(struct site site);

static inline struct stack_site *stack_place(struct stack_cache *cache, struct site site)
{
    return &cache->sites[((uintptr_t)site.pc ^ (uintptr_t)site.sp >> 4) % STACK_SITES];
}

/*
 * The stack at `site`, STACK_CALLERS + 1 frames at most, if the thread's cache has it and all its
 * return addresses still stand where they stood when it was unwound. Else NULL.
 */
static inline const struct stack *stack_cached(struct stack_cache *cache, struct site site)
{
    const struct stack_site *entry = stack_place(cache, site);
    uintptr_t changed = 0;

    if (__builtin_expect(entry->site.pc != site.pc || entry->site.sp != site.sp, 0))
        return NULL;
    for (unsigned i = 0; i < STACK_CALLERS; i++)
        changed |= *entry->callers[i].slot ^ entry->callers[i].pc;
    return __builtin_expect(changed != 0, 0) ? NULL : entry->stack;
}

/* Unwinds and remembers. NULL: too many different stacks lead here, only site.pc is known. */
const struct stack *stack_remember(struct stack_cache *cache, struct site site);

static inline const struct stack *stack_here(struct stack_cache *cache, struct site site)
{
    const struct stack *stack = stack_cached(cache, site);

    return stack ? stack : stack_remember(cache, site);
}

/* Around a fork, so that the child finds the depot whole. */
void stack_lock(void);
void stack_unlock(void);

#endif
