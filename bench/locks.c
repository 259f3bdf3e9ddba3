/* SPDX-License-Identifier: MIT */
/*
 * locks.c - what does an uncontended lock cost, of each kind and at each depth?
 *
 * One thread locks and unlocks; nobody else wants these locks. Each loop is the bare pair of calls,
 * so the ratio to native is the worst that a program can see: real ones also do something.
 */
#include "bench/bench.h"

#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t mutexes[8] = {
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
};
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

uint64_t lock_unlock(long count)
{
    uint64_t start = now_ns();

    for (long i = 0; i < count; i++) {
        pthread_mutex_lock(&mutexes[0]);
        pthread_mutex_unlock(&mutexes[0]);
    }
    return now_ns() - start;
}

uint64_t nested_pair(long count)
{
    uint64_t start = now_ns();

    for (long i = 0; i < count; i++) {
        pthread_mutex_lock(&mutexes[0]);
        pthread_mutex_lock(&mutexes[1]);
        pthread_mutex_unlock(&mutexes[1]);
        pthread_mutex_unlock(&mutexes[0]);
    }
    return now_ns() - start;
}

uint64_t depth_8(long count)
{
    uint64_t start = now_ns();

    for (long i = 0; i < count; i++) {
        for (int depth = 0; depth < 8; depth++)
            pthread_mutex_lock(&mutexes[depth]);
        for (int depth = 7; depth >= 0; depth--)
            pthread_mutex_unlock(&mutexes[depth]);
    }
    return now_ns() - start;
}

uint64_t recursive_lock(long count)
{
    pthread_mutexattr_t attr;
    pthread_mutex_t mutex;
    uint64_t start;

    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
    must(pthread_mutex_init(&mutex, &attr), "pthread_mutex_init");
    start = now_ns();
    for (long i = 0; i < count; i++) {
        pthread_mutex_lock(&mutex);
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
        pthread_mutex_unlock(&mutex);
    }
    start = now_ns() - start;
    pthread_mutex_destroy(&mutex);
    pthread_mutexattr_destroy(&attr);
    return start;
}

uint64_t try_lock(long count)
{
    uint64_t start = now_ns();

    for (long i = 0; i < count; i++)
        if (!pthread_mutex_trylock(&mutexes[0]))
            pthread_mutex_unlock(&mutexes[0]);
    return now_ns() - start;
}

uint64_t spin_lock(long count)
{
    pthread_spinlock_t spin;
    uint64_t start;

    must(pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE), "pthread_spin_init");
    start = now_ns();
    for (long i = 0; i < count; i++) {
        pthread_spin_lock(&spin);
        pthread_spin_unlock(&spin);
    }
    start = now_ns() - start;
    pthread_spin_destroy(&spin);
    return start;
}

uint64_t rwlock_read(long count)
{
    uint64_t start = now_ns();

    for (long i = 0; i < count; i++) {
        pthread_rwlock_rdlock(&rwlock);
        pthread_rwlock_unlock(&rwlock);
    }
    return now_ns() - start;
}

uint64_t rwlock_write(long count)
{
    uint64_t start = now_ns();

    for (long i = 0; i < count; i++) {
        pthread_rwlock_wrlock(&rwlock);
        pthread_rwlock_unlock(&rwlock);
    }
    return now_ns() - start;
}

uint64_t semaphore(long count)
{
    uint64_t start;
    sem_t sem;

    sem_init(&sem, 0, 0);
    start = now_ns();
    for (long i = 0; i < count; i++) {
        sem_post(&sem);
        sem_wait(&sem);
    }
    start = now_ns() - start;
    sem_destroy(&sem);
    return start;
}
