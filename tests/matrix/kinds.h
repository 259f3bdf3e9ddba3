/* SPDX-License-Identifier: MIT */
/*
 * kinds.h - one face for every lock that a pthread, C11 or C++ program can hold
 *
 * Layer:    tests/matrix (programs under test; nothing of the detector is included)
 * Memory:   a lock lives in a union lock_store of the caller's
 * Locking:  none of its own
 * Errors:   the operations return what the wrapped call returns, 0 for success
 */
#ifndef TESTS_MATRIX_KINDS_H
#define TESTS_MATRIX_KINDS_H

#include <pthread.h>
#include <semaphore.h>
#include <threads.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

union lock_store {
    pthread_mutex_t mutex;
    pthread_rwlock_t rwlock;
    pthread_spinlock_t spin;
    sem_t sem;
    mtx_t mtx;
    char cxx[64]; /* the C++ classes are built in place */
};

/* An operation that a kind does not have is NULL. */
struct kind {
    const char *name;
    void (*init)(union lock_store *);
    void (*destroy)(union lock_store *);
    int (*lock)(union lock_store *);
    int (*unlock)(union lock_store *);
    int (*try_lock)(union lock_store *);
    int (*timed_lock)(union lock_store *, const struct timespec *realtime);
    int (*read_lock)(union lock_store *);
    int (*read_unlock)(union lock_store *);
};

/* Ends with a kind whose name is NULL; kinds.c or kinds_cxx.cc is linked, never both. */
extern const struct kind kinds[];

#ifdef __cplusplus
}
#endif
#endif
