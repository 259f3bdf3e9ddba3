/* SPDX-License-Identifier: MIT */
/*
 * Where is the program, and how does asking cost next to nothing the second time?
 *
 * 1. A miss unwinds with the compiler's unwinder (about 2 us) and looks the frames up in the
 *    depot, which keeps every different stack once.
 * 2. While unwinding, the address of each return-address slot is noted. The next call from the
 *    same site with the same stack pointer reads those slots: if all hold the same return
 *    addresses, the stack is the same one (a few loads).
 * 3. A site that is reached by ever new stacks would unwind each time. After the first
 *    FREE_MISSES of a thread only one miss in MISSES_PER_CAPTURE is unwound; the others know
 *    their call site alone.
 *
 * A cached stack is as long as can be checked: a frame further out could be another one by now.
 */
#include "detector/core/stack.h"

#include "detector/core/arena.h"
#include "detector/core/raw_lock.h"

#include <string.h>
#include <unwind.h>

enum { BUCKETS = 4096, FREE_MISSES = 512, MISSES_PER_CAPTURE = 1024 };

static struct {
    struct raw_lock lock;
    struct stack *buckets[BUCKETS];
} depot;

struct walk {
    struct site site;
    uint32_t most; /* frames */
    bool started;
    bool in_signal_handler;
    uint32_t depth;
    const void *frames[STACK_DEPTH];
    const uintptr_t *slots[STACK_DEPTH];
};

static _Unwind_Reason_Code add_frame(struct _Unwind_Context *context, void *argument)
{
    struct walk *walk = argument;
    int interrupted = 0;
    uintptr_t pc = _Unwind_GetIPInfo(context, &interrupted);

    if (!walk->started && (const void *)pc != walk->site.pc)
        return _URC_NO_REASON; /* still among the detector's own frames */
    if (!pc || walk->depth == walk->most)
        return _URC_END_OF_STACK;
    walk->started = true;
    walk->in_signal_handler |= interrupted != 0;
    walk->frames[walk->depth] = (const void *)(pc + (interrupted ? 1 : 0));
    walk->slots[walk->depth] = (const uintptr_t *)_Unwind_GetCFA(context) - 1;
    walk->depth++;
    return _URC_NO_REASON;
}

static struct stack *depot_find(const struct walk *walk, uint64_t hash)
{
    struct stack *stack = depot.buckets[hash % BUCKETS];

    for (; stack; stack = stack->next)
        if (stack->hash == hash && stack->depth == walk->depth &&
            !memcmp(stack->frames, walk->frames, walk->depth * sizeof walk->frames[0]))
            return stack;
    return NULL;
}

static const struct stack *depot_intern(const struct walk *walk)
{
    uint64_t hash = walk->depth;
    struct stack *stack;

    for (uint32_t i = 0; i < walk->depth; i++)
        hash = (hash ^ (uintptr_t)walk->frames[i]) * UINT64_C(0x9e3779b97f4a7c15) ^ (hash >> 29);
    raw_lock(&depot.lock);
    stack = depot_find(walk, hash);
    if (!stack)
        stack = arena_alloc(sizeof *stack + walk->depth * sizeof walk->frames[0]);
    if (stack && !stack->hash) {
        stack->hash = hash;
        stack->depth = walk->depth;
        stack->in_signal_handler = walk->in_signal_handler;
        memcpy(stack->frames, walk->frames, walk->depth * sizeof walk->frames[0]);
        stack->next = depot.buckets[hash % BUCKETS];
        depot.buckets[hash % BUCKETS] = stack;
    }
    raw_unlock(&depot.lock);
    return stack;
}

static const struct stack *intern_walk(struct walk *walk)
{
    if (!walk->depth) { /* no unwind tables here: the call site is all there is */
        walk->frames[0] = walk->site.pc;
        walk->depth = 1;
    }
    return depot_intern(walk);
}

const struct stack *stack_capture(struct site site)
{
    struct walk walk = {.site = site, .most = STACK_DEPTH};

    _Unwind_Backtrace(add_frame, &walk);
    return intern_walk(&walk);
}

/* Only where return addresses lie in memory, right below their frames, as on x86-64. */
static void shorten_to_checkable(struct walk *walk)
{
    uint32_t depth = 1;

    while (depth < walk->depth && (const void *)walk->slots[depth] >= walk->site.sp &&
           *walk->slots[depth] == (uintptr_t)walk->frames[depth])
        depth++;
    if (depth < walk->depth && depth > 1)
        walk->depth = depth;
}

const struct stack *stack_remember(struct stack_cache *cache, struct site site)
{
    struct stack_site *entry = stack_place(cache, site);
    struct walk walk = {.site = site, .most = STACK_CALLERS + 1};
    const struct stack *stack;

    if (++cache->misses > FREE_MISSES && cache->misses % MISSES_PER_CAPTURE)
        return NULL;
    _Unwind_Backtrace(add_frame, &walk);
    shorten_to_checkable(&walk);
    stack = intern_walk(&walk);
    entry->site.pc = NULL; /* a signal handler must not meet a half-written entry */
    __atomic_signal_fence(__ATOMIC_RELEASE);
    if (!stack)
        return NULL;
    entry->stack = stack;
    entry->site.sp = site.sp;
    for (uint32_t i = 0; i < STACK_CALLERS; i++) {
        struct stack_caller *caller = &entry->callers[i];

        caller->pc = i + 1 < walk.depth ? (uintptr_t)walk.frames[i + 1] : 0;
        caller->slot = i + 1 < walk.depth ? walk.slots[i + 1] : &caller->pc;
    }
    __atomic_signal_fence(__ATOMIC_RELEASE);
    entry->site.pc = site.pc;
    return stack;
}

void stack_lock(void)
{
    raw_lock(&depot.lock);
}

void stack_unlock(void)
{
    raw_unlock(&depot.lock);
}
