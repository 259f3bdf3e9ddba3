/* SPDX-License-Identifier: MIT */
/*
 * glibc_stack.c - what glibc left on the stack, and beside a lock
 *
 * A condition's futex is one of two words in its middle, and their place has changed between glibc's
 * versions, also within one version by a repair (bug 25847 took __g_refs away). But every waiter has
 * a record on its stack for the case that it is cancelled (nptl/pthread_cond_wait.c, struct
 * _condvar_cleanup_buffer): the condition, then the mutex. So:
 *
 * 1. A futex in a group has a parity: which of the two words. That leaves two candidates.
 * 2. The one that stands on the stack, with a mutex behind it, is the condition.
 *
 * Who runs the function of a once has a record of the same purpose (nptl/pthread_once.c): a function of
 * libc, then the once. Who waits for its end has none yet.
 *
 * A stream's lock has its owner's thread pointer, but does not say whose lock it is. The stream
 * (struct _IO_FILE, whose layout programs depend on) points to its lock, and lies not far before it:
 * fopen() allocates both together, and the standard ones are variables of libc.
 */
#include "detector/cli/attach/glibc.h"

#include <pthread.h>

enum {
    MOST_STACK = 8192, /* of the frames of one function of libc */
    WORD = 8,
};

static size_t read_words(const struct image *image, uint64_t from, uint64_t to, uint64_t *words,
                         size_t most)
{
    size_t size;

    if (from == 0 || to <= from || from % WORD != 0)
        return 0;
    size = to - from < most * WORD ? to - from : most * WORD;
    return image_read(image, from, words, size) ? size / WORD : 0;
}

static size_t read_stack(const struct image *image, const struct image_thread *thread, size_t inner,
                         size_t outer, uint64_t *words, size_t most)
{
    if (inner >= thread->frame_count || outer >= thread->frame_count)
        return 0;
    return read_words(image, thread->frames[inner].cfa, thread->frames[outer].cfa, words, most);
}

static bool same_module(const struct image *image, uint64_t a, uint64_t b)
{
    for (size_t i = 0; i < image->module_count; i++)
        if (a >= image->modules[i].start && a < image->modules[i].end)
            return b >= image->modules[i].start && b < image->modules[i].end;
    return false;
}

bool once_runs(const struct image *image, const struct image_thread *thread, size_t inner,
               size_t outer, uint64_t once)
{
    uint64_t words[MOST_STACK / WORD];
    size_t count = read_stack(image, thread, inner, outer, words, MOST_STACK / WORD);

    for (size_t i = 0; i + 1 < count; i++)
        if (words[i + 1] == once && same_module(image, thread->frames[outer].pc, words[i]))
            return true;
    return false;
}

static bool is_mutex(const struct image *image, uint64_t address)
{
    struct mutex_words words;

    return address != 0 && mutex_words(image, address, &words);
}

bool cond_words(const struct image *image, const struct image_thread *thread, size_t caller,
                const struct futex_wait *wait, uint64_t *cond, uint64_t *mutex)
{
    static const unsigned groups_at[] = {40, 32}; /* __g_signals: with __g_refs, and without */
    uint64_t words[MOST_STACK / WORD];
    uint64_t first = wait->address & ~(uint64_t)4; /* the word of group 0 */
    size_t count = caller == 0 ? 0
                               : read_stack(image, thread, 0, caller - 1, words, MOST_STACK / WORD);

    for (size_t i = 0; i + 1 < count; i++)
        for (size_t k = 0; k < sizeof(groups_at) / sizeof(groups_at[0]); k++)
            if (words[i] == first - groups_at[k] && is_mutex(image, words[i + 1])) {
                *cond = words[i];
                *mutex = words[i + 1];
                return true;
            }
    return false;
}

static bool is_held_inheriting(const struct image *image, uint64_t address)
{
    struct mutex_words words;

    return address != 0 && mutex_words(image, address, &words) && words.inherits &&
           words.owner != 0;
}

bool refused_mutex(const struct image *image, const struct image_thread *thread, size_t caller,
                   const struct futex_wait *wait, uint64_t *mutex)
{
    uint64_t words[MOST_STACK / WORD], top = caller == 0 ? 0 : thread->frames[caller - 1].cfa;
    size_t count = read_words(image, thread->sp, top, words, MOST_STACK / WORD);

    *mutex = 0;
    if (wait->address < thread->sp || wait->address >= top || wait->expected != 0)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (words[i] == *mutex || !is_held_inheriting(image, words[i]))
            continue;
        if (*mutex != 0) { /* which of the two it is, cannot be told */
            *mutex = 0;
            break;
        }
        *mutex = words[i];
    }
    return true;
}

enum {
    LOCK_OF_STREAM = 0x88,   /* _lock of struct _IO_FILE, on 64-bit machines */
    FILENO_OF_STREAM = 0x70, /* _fileno */
    STREAM_MAGIC = 0xfbad,   /* the upper half of _flags */
    MOST_BEFORE = 0x4000,    /* of a standard stream before its lock, in libc's variables */
};

static int stream_number(const struct image *image, uint64_t stream)
{
    uint32_t flags;
    int number;

    if (!image_read(image, stream, &flags, sizeof(flags)) || flags >> 16 != STREAM_MAGIC ||
        !image_read(image, stream + FILENO_OF_STREAM, &number, sizeof(number)))
        return -1;
    return number;
}

int stream_of_lock(const struct image *image, uint64_t lock)
{
    uint64_t from = lock - MOST_BEFORE, pointer;

    for (uint64_t at = lock - WORD; at > from; at -= WORD) {
        int number;

        if (!image_read(image, at, &pointer, sizeof(pointer)))
            return -1;
        number = pointer == lock ? stream_number(image, at - LOCK_OF_STREAM) : -1;
        if (number >= 0)
            return number;
    }
    return -1;
}
