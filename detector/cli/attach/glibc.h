/* SPDX-License-Identifier: MIT */
/*
 * glibc.h - what the words of a glibc object say
 *
 * Layer:    detector/cli/attach
 * Memory:   none
 * Locking:  none
 * Errors:   false: the words do not look like such an object, or are not there
 *
 * Nothing is taken on trust: each function tests whether the words can be what they should be, and
 * in doubt says no. A futex of something else is then told as a futex.
 */
#ifndef CLI_ATTACH_GLIBC_H
#define CLI_ATTACH_GLIBC_H

#include "detector/cli/attach/futex.h"
#include "detector/cli/attach/image.h"

struct mutex_words {
    bool locked;
    int owner;       /* a thread's id; 0: it is just being taken, or not recorded */
    bool owner_died; /* of a robust mutex: the next one to lock it will be told */
    bool robust, inherits, shared;
};

bool mutex_words(const struct image *image, uint64_t mutex, struct mutex_words *words);

struct rwlock_words {
    int writer;       /* a thread's id; 0: none */
    unsigned readers; /* how many; who they are is not recorded */
    bool shared;
};

/* *rwlock is the object whose futex the wait is on. */
bool rwlock_words(const struct image *image, const struct futex_wait *wait, uint64_t *rwlock,
                  struct rwlock_words *words);

struct barrier_words {
    unsigned here, parties;
    bool shared;
};

bool barrier_words(const struct image *image, const struct futex_wait *wait, uint64_t *barrier,
                   struct barrier_words *words);

/* A semaphore whose value is 0. */
bool semaphore_words(const struct image *image, const struct futex_wait *wait, bool *shared);

/* A condition, and the mutex that the waiter of frames [0, frame] came with: both from its stack. */
bool cond_words(const struct image *image, const struct image_thread *thread, size_t caller,
                const struct futex_wait *wait, uint64_t *cond, uint64_t *mutex);

/* Does glibc sleep for ever, on its own stack below frame `caller`, because the kernel has refused it an
 * inheriting mutex? *mutex is that mutex; 0 if it cannot be told which it is. */
bool refused_mutex(const struct image *image, const struct image_thread *thread, size_t caller,
                   const struct futex_wait *wait, uint64_t *mutex);

/* The owner of a recursive lock of libc's own, as a thread pointer; 0 if it records none. */
uint64_t libc_lock_owner(const struct image *image, uint64_t lock);

/* The file descriptor of the stream whose lock it is; -1 if it is no stream's. */
int stream_of_lock(const struct image *image, uint64_t lock);

/* Do frames (inner, outer], which are pthread_once()'s, run the function of this once? */
bool once_runs(const struct image *image, const struct image_thread *thread, size_t inner,
               size_t outer, uint64_t once);

#endif
