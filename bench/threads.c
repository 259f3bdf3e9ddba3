/* SPDX-License-Identifier: MIT */
/*
 * threads.c - what do several threads cost: sharing a lock or not, waiting, coming and going?
 */
#include "bench/bench.h"

#include <pthread.h>

enum { LINE = 128, SMALL_THREADS = 4 };

/* Each thread's own pair, far from the others': the cache line is not what is measured. */
struct own_pair {
    pthread_mutex_t outer, inner;
} __attribute__((aligned(LINE)));

static struct own_pair own[2] = {
    {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER},
    {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER},
};
static pthread_mutex_t shared = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t all_alive;
static long turn, share, sum;

/* Runs body in two threads, the caller's being the first, and returns how long both took. */
static uint64_t in_two_threads(void *(*body)(void *), void *first, void *second)
{
    uint64_t start = now_ns();
    pthread_t thread;

    must(pthread_create(&thread, NULL, body, second), "pthread_create");
    body(first);
    must(pthread_join(thread, NULL), "pthread_join");
    return now_ns() - start;
}

static void *lock_own_pair(void *arg)
{
    struct own_pair *pair = arg;

    for (long i = 0; i < share; i++) {
        pthread_mutex_lock(&pair->outer);
        pthread_mutex_lock(&pair->inner);
        pthread_mutex_unlock(&pair->inner);
        pthread_mutex_unlock(&pair->outer);
    }
    return NULL;
}

uint64_t own_locks(long count)
{
    share = count / 2;
    return in_two_threads(lock_own_pair, &own[0], &own[1]);
}

static void *add_to_sum(void *unused)
{
    (void)unused;
    for (long i = 0; i < share; i++) {
        pthread_mutex_lock(&shared);
        sum++;
        pthread_mutex_unlock(&shared);
    }
    return NULL;
}

uint64_t one_lock(long count)
{
    share = count / 2;
    return in_two_threads(add_to_sum, NULL, NULL);
}

/* Waits for the even (arg 0) or odd (arg 1) turns, and takes them. */
static void *take_turns(void *arg)
{
    long mine = arg != NULL;

    pthread_mutex_lock(&shared);
    for (long i = 0; i < share; i++) {
        while (turn % 2 != mine)
            pthread_cond_wait(&turned, &shared);
        turn++;
        pthread_cond_signal(&turned);
    }
    pthread_mutex_unlock(&shared);
    return NULL;
}

uint64_t ping_pong(long count)
{
    share = count;
    return in_two_threads(take_turns, NULL, &turn);
}

static void *do_nothing(void *unused)
{
    return unused;
}

uint64_t create_join(long count)
{
    uint64_t start = now_ns();

    for (long i = 0; i < count; i++) {
        pthread_t thread;

        must(pthread_create(&thread, NULL, do_nothing, NULL), "pthread_create");
        must(pthread_join(thread, NULL), "pthread_join");
    }
    return now_ns() - start;
}

static void *lock_when_all_are_alive(void *unused)
{
    (void)unused;
    pthread_barrier_wait(&all_alive);
    for (int i = 0; i < 10; i++) {
        pthread_mutex_lock(&own[0].outer);
        pthread_mutex_lock(&shared);
        sum++;
        pthread_mutex_unlock(&shared);
        pthread_mutex_unlock(&own[0].outer);
    }
    return NULL;
}

uint64_t many_threads(long count)
{
    pthread_t threads[1000];
    uint64_t start = now_ns();

    if (count > 1000)
        count = 1000;
    must(pthread_barrier_init(&all_alive, NULL, (unsigned)count), "pthread_barrier_init");
    for (long i = 0; i < count; i++)
        must(pthread_create(&threads[i], NULL, lock_when_all_are_alive, NULL), "pthread_create");
    for (long i = 0; i < count; i++)
        must(pthread_join(threads[i], NULL), "pthread_join");
    pthread_barrier_destroy(&all_alive);
    return now_ns() - start;
}

/* A few locks, a few orders, a few threads: how much memory does a detector need to come at all? */
uint64_t small_program(long count)
{
    pthread_t threads[SMALL_THREADS];
    uint64_t start = now_ns();

    share = count / SMALL_THREADS;
    for (int i = 0; i < SMALL_THREADS; i++)
        must(pthread_create(&threads[i], NULL, lock_own_pair, &own[i % 2]), "pthread_create");
    for (int i = 0; i < SMALL_THREADS; i++)
        must(pthread_join(threads[i], NULL), "pthread_join");
    return now_ns() - start;
}
