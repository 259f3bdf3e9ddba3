/* SPDX-License-Identifier: MIT */
/*
 * Memory that goes away takes its locks with it: the next lock at the same address is another one.
 *
 * malloc and calloc are not wrapped: allocators call them while they start. C++'s operator delete
 * is, because tcmalloc's and jemalloc's do not come through free().
 */
#include "detector/interpose/self.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <sys/mman.h>

/* Could a lock lie in the block? Only then is its size asked for. */
static void block_gone(struct thread *thread, void *block, struct site site)
{
    size_t size;

    if (!object_any && !thread->held.count)
        return;
    size = real.malloc_usable_size(block);
    if (thread->held.count || object_maybe_in((uintptr_t)block, size))
        event_memory_gone(thread, (uintptr_t)block, size, site);
}

EXPORT void free(void *block)
{
    struct thread *thread = thread_current;

    if (__builtin_expect(thread && block && (object_any || thread->held.count), 0))
        block_gone(thread, block, CALL_SITE());
    if (__builtin_expect(!real.free, 0)) {
        real.free = (void (*)(void *))dlsym(RTLD_NEXT, "free");
        if (!real.free)
            return;
    }
    real.free(block);
}

EXPORT void *realloc(void *block, size_t size)
{
    struct site site = CALL_SITE();
    struct thread *thread = thread_current;
    uintptr_t old = (uintptr_t)block;
    size_t old_size = 0;
    void *moved;

    if (__builtin_expect(!real.realloc, 0))
        real.realloc = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
    if (thread && block && (object_any || thread->held.count))
        old_size = real.malloc_usable_size(block);
    moved = real.realloc(block, size);
    /* After a move the old block may already be somebody else's: only forget, do not judge. */
    if (old_size && (uintptr_t)moved != old && (moved || !size))
        event_memory_moved(thread, old, old_size, site);
    return moved;
}

EXPORT int munmap(void *block, size_t size)
{
    struct site site = CALL_SITE();
    struct thread *thread = thread_current;

    if (thread && (thread->held.count || object_maybe_in((uintptr_t)block, size)))
        event_memory_gone(thread, (uintptr_t)block, size, site);
    if (__builtin_expect(!real.munmap, 0))
        return (int)sys_call(SYS_munmap, (long)block, (long)size, 0, 0, 0, 0);
    return real.munmap(block, size);
}

/* operator delete, by its mangled names: plain, array, and with a size. */
#define OPERATOR_DELETE(name, parameters, arguments)                                               \
    EXPORT void name parameters;                                                                   \
    void name parameters                                                                           \
    {                                                                                              \
        static void(*next) parameters;                                                             \
        struct thread *thread = thread_current;                                                         \
                                                                                                   \
        if (__builtin_expect(thread && block && (object_any || thread->held.count), 0))            \
            block_gone(thread, block, CALL_SITE());                                                \
        if (__builtin_expect(!next, 0))                                                            \
            next = (void(*) parameters)dlsym(RTLD_NEXT, #name);                                    \
        if (next)                                                                                  \
            next arguments;                                                                        \
    }

OPERATOR_DELETE(_ZdlPv, (void *block), (block))
OPERATOR_DELETE(_ZdaPv, (void *block), (block))
OPERATOR_DELETE(_ZdlPvm, (void *block, size_t size), (block, size))
OPERATOR_DELETE(_ZdaPvm, (void *block, size_t size), (block, size))
