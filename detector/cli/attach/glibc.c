/* SPDX-License-Identifier: MIT */
/*
 * glibc.c - what the words of a glibc object say
 *
 * Names and places of the fields are those of glibc's public headers where they are public
 * (bits/struct_mutex.h, bits/struct_rwlock.h, bits/thread-shared-types.h); static initialisers have frozen them.
 * What is private, with its source:
 *   barrier    sysdeps/nptl/internaltypes.h, struct pthread_barrier: in, current_round, count, shared, out
 *   semaphore  the same, struct new_sem: value (low half) and waiters (high half), then private
 *   rwlock     nptl/pthread_rwlock_common.c: readers wait for their phase at __wrphase_futex, writers
 *              too or at __writers_futex; a reader that lets writers pass waits at __readers
 */
#include "detector/cli/attach/glibc.h"

#include <linux/futex.h>
#include <pthread.h>
#include <stddef.h>

enum {
    KINDS = 3 | 16 | 32 | 64 | 128 | 256 |
            512, /* types, robust, inherit, protect, shared, elision */
    KIND_ROBUST = 16,
    KIND_INHERIT = 32,
    KIND_PROTECT = 64,
    KIND_SHARED = 128,
    CEILING = ~0x7ffff,     /* of a mutex with a priority ceiling: the upper bits of its word */
    MOST_THREADS = 1 << 22, /* the kernel's limit of thread ids */
};

static bool is_tid(int tid)
{
    return tid > 0 && tid <= MOST_THREADS;
}

/* Robust and inheriting mutexes keep the owner in the lock word itself. */
bool mutex_words(const struct image *image, uint64_t address, struct mutex_words *words)
{
    pthread_mutex_t mutex;
    int kind, lock;

    if (address % _Alignof(pthread_mutex_t) != 0 ||
        !image_read(image, address, &mutex, sizeof(mutex)))
        return false;
    kind = mutex.__data.__kind;
    lock = mutex.__data.__lock;
    if (kind & KIND_PROTECT)
        lock &= ~CEILING;
    *words = (struct mutex_words){.locked = lock != 0,
                                  .owner = mutex.__data.__owner,
                                  .robust = (kind & KIND_ROBUST) != 0,
                                  .inherits = (kind & KIND_INHERIT) != 0,
                                  .shared = (kind & KIND_SHARED) != 0};
    if ((kind & ~KINDS) != 0)
        return false;
    if (kind & (KIND_ROBUST | KIND_INHERIT)) {
        words->owner = lock & FUTEX_TID_MASK;
        words->owner_died = (lock & FUTEX_OWNER_DIED) != 0;
    } else if (lock < 0 || lock > 2) {
        return false;
    }
    return words->owner == 0 || is_tid(words->owner);
}

enum {
    READERS_AT = offsetof(pthread_rwlock_t, __data.__readers),
    PHASE_AT = offsetof(pthread_rwlock_t, __data.__wrphase_futex),
    WRITERS_AT = offsetof(pthread_rwlock_t, __data.__writers_futex),
    READER_WAITS = 4, /* PTHREAD_RWLOCK_RWAITING */
    FUTEX_USED = 2,   /* PTHREAD_RWLOCK_FUTEX_USED */
    READER = 8,       /* one reader */
    MOST_READERS = 1 << 20,
};

/* Where in the rwlock the futex lies: the two phase words are 2 or 3 while somebody sleeps on them,
 * the readers' word has a bit that neither of these has. */
static int rwlock_offset(const struct futex_wait *wait)
{
    if (wait->address % 8 == 4)
        return WRITERS_AT;
    return wait->expected & READER_WAITS ? READERS_AT : PHASE_AT;
}

bool rwlock_words(const struct image *image, const struct futex_wait *wait, uint64_t *rwlock,
                  struct rwlock_words *words)
{
    int offset = rwlock_offset(wait);
    pthread_rwlock_t lock;

    *rwlock = wait->address - (uint64_t)offset;
    if (*rwlock % _Alignof(pthread_rwlock_t) != 0 ||
        !image_read(image, *rwlock, &lock, sizeof(lock)))
        return false;
    *words = (struct rwlock_words){.writer = lock.__data.__cur_writer,
                                   .readers = lock.__data.__readers / READER,
                                   .shared = lock.__data.__shared != 0};
    if (offset != READERS_AT && (wait->expected & ~1u) != FUTEX_USED)
        return false;
    return lock.__data.__flags <= 2 && words->readers < MOST_READERS &&
           lock.__data.__wrphase_futex <= 3 && lock.__data.__writers_futex <= 3 &&
           (words->writer == 0 || is_tid(words->writer));
}

bool barrier_words(const struct image *image, const struct futex_wait *wait, uint64_t *barrier,
                   struct barrier_words *words)
{
    struct {
        unsigned in, round, count;
        int shared;
        unsigned out;
    } data;

    *barrier = wait->address - sizeof(unsigned);
    if (!image_read(image, *barrier, &data, sizeof(data)) || data.in < data.round ||
        data.in - data.round >= data.count ||
        (data.shared != 0 && data.shared != FUTEX_PRIVATE_FLAG))
        return false;
    *words = (struct barrier_words){data.in - data.round, data.count, data.shared != 0};
    return true;
}

bool semaphore_words(const struct image *image, const struct futex_wait *wait, bool *shared)
{
    struct {
        uint32_t value, waiters;
        int private;
    } data;

    if (wait->address % 8 != 0 || !image_read(image, wait->address, &data, sizeof(data)) ||
        data.value != 0 || data.waiters == 0 ||
        (data.private != 0 && data.private != FUTEX_PRIVATE_FLAG))
        return false;
    *shared = data.private != 0;
    return true;
}

uint64_t libc_lock_owner(const struct image *image, uint64_t lock)
{
    struct {
        int lock, count;
        uint64_t owner;
    } data;

    return lock % 8 == 0 && image_read(image, lock, &data, sizeof(data)) ? data.owner : 0;
}
