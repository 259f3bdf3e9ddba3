/* SPDX-License-Identifier: MIT */
/*
 * idioms.c - correct programs in which a hasty detector sees something
 *
 * Every scenario must stay silent and end by itself; its comment says what is tempting about it.
 */
#include "scenario.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WORKERS = 4, IDLE_MS = 2300 };

struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t changed; /* not empty, or stopped */
    pthread_cond_t room;    /* not full */
    int length;
    int taken;
    bool stopped;
};

static struct queue queue = {
    .mutex = PTHREAD_MUTEX_INITIALIZER,
    .changed = PTHREAD_COND_INITIALIZER,
    .room = PTHREAD_COND_INITIALIZER,
};
static pthread_mutex_t locks[16];
static pthread_rwlock_t cache_lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t work, slots, finished;
static bool stopping; /* set before the posts that tell of it */
static int cached;    /* protected by cache_lock */

static void make_locks(void)
{
    for (int i = 0; i < 16; i++)
        pthread_mutex_init(&locks[i], NULL);
}

static void run_threads(int count, void *(*function)(void *))
{
    pthread_t threads[8];

    for (int i = 0; i < count; i++)
        threads[i] = start(function, (void *)(intptr_t)i);
    for (int i = 0; i < count; i++)
        join(threads[i]);
}

/* ---------------------------------------------------------------- pools */

static void *pool_worker(void *arg)
{
    pthread_mutex_lock(&queue.mutex);
    while (!queue.stopped || queue.length > 0) {
        if (queue.length == 0) {
            pthread_cond_wait(&queue.changed, &queue.mutex);
            continue;
        }
        queue.length--;
        queue.taken++;
        pthread_cond_signal(&queue.room);
    }
    pthread_mutex_unlock(&queue.mutex);
    return arg;
}

static void *pool_producer(void *arg)
{
    for (int i = 0; i < 500; i++) {
        pthread_mutex_lock(&queue.mutex);
        while (queue.length == 8)
            pthread_cond_wait(&queue.room, &queue.mutex);
        queue.length++;
        pthread_cond_signal(&queue.changed);
        pthread_mutex_unlock(&queue.mutex);
    }
    return arg;
}

static void pool_stop(pthread_t *workers)
{
    pthread_mutex_lock(&queue.mutex);
    queue.stopped = true;
    pthread_cond_broadcast(&queue.changed);
    pthread_mutex_unlock(&queue.mutex);
    for (int i = 0; i < WORKERS; i++)
        join(workers[i]);
    if (queue.taken != 1000)
        fail("items were lost");
}

static void pool_run(int idle_ms)
{
    pthread_t workers[WORKERS];

    for (int i = 0; i < WORKERS; i++)
        workers[i] = start(pool_worker, NULL);
    run_threads(2, pool_producer);
    sleep_ms(idle_ms);
    pool_stop(workers);
}

/* A bounded queue with two conditions: everybody waits for somebody now and then. */
static void thread_pool(void)
{
    pool_run(0);
}

/* Workers idle for long after every thread that ever signalled them has exited; then main does. */
static void pool_idle_then_stopped(void)
{
    pool_run(IDLE_MS);
}

static void *semaphore_worker(void *arg)
{
    for (;;) {
        sem_wait(&work);
        if (stopping)
            return arg;
        sem_post(&finished);
    }
}

static void *post_all(void *arg)
{
    for (int i = 0; i < WORKERS; i++)
        sem_post(&work);
    return arg;
}

/* The same with semaphores: main has never posted before, and does so in the end. */
static void semaphore_pool_idle(void)
{
    pthread_t workers[WORKERS];

    sem_make(&work, 0);
    sem_make(&finished, 0);
    for (int i = 0; i < WORKERS; i++)
        workers[i] = start(semaphore_worker, NULL);
    join(start(post_all, NULL));
    for (int i = 0; i < WORKERS; i++)
        sem_wait(&finished);
    sleep_ms(IDLE_MS);
    stopping = true;
    post_all(NULL);
    for (int i = 0; i < WORKERS; i++)
        join(workers[i]);
}

/* Workers that idle when main returns are no leak: main could have given them work. */
static void idle_at_return(void)
{
    for (int i = 0; i < WORKERS; i++)
        pthread_detach(start(pool_worker, NULL));
    sleep_ms(100);
}

/* The same with workers that could be joined, but still run. */
static void idle_at_return_joinable(void)
{
    for (int i = 0; i < WORKERS; i++)
        start(pool_worker, NULL);
    sleep_ms(100);
}

static void *busy(void *arg)
{
    for (;;)
        sleep_ms(10);
    return arg;
}

/* A thread that works on when main returns has not finished: nobody had to join it. */
static void busy_at_return(void)
{
    start(busy, NULL);
    sleep_ms(50);
}

static void *count_down(void *arg)
{
    sleep_ms(20);
    pthread_mutex_lock(&queue.mutex);
    if (++queue.taken == WORKERS)
        pthread_cond_signal(&queue.changed);
    pthread_mutex_unlock(&queue.mutex);
    return arg;
}

/* Detached threads are waited for by a count under a condition instead of by join. */
static void detached_counted(void)
{
    for (int i = 0; i < WORKERS; i++)
        pthread_detach(start(count_down, NULL));
    pthread_mutex_lock(&queue.mutex);
    while (queue.taken < WORKERS)
        pthread_cond_wait(&queue.changed, &queue.mutex);
    pthread_mutex_unlock(&queue.mutex);
}

/* ---------------------------------------------------------------- orders that are safe */

static void *transfers_by_address(void *arg)
{
    unsigned seed = (unsigned)(intptr_t)arg;

    for (int i = 0; i < 2000; i++) {
        int from = rand_r(&seed) % 16, to = rand_r(&seed) % 16;

        if (from == to)
            continue;
        pthread_mutex_lock(&locks[from < to ? from : to]);
        pthread_mutex_lock(&locks[from < to ? to : from]);
        pthread_mutex_unlock(&locks[from]);
        pthread_mutex_unlock(&locks[to]);
    }
    return NULL;
}

/* Accounts locked by address, whichever way the money goes. */
static void address_order(void)
{
    make_locks();
    run_threads(4, transfers_by_address);
}

static void *takes_random_upwards(void *arg)
{
    unsigned seed = 7 + (unsigned)(intptr_t)arg;

    for (int i = 0; i < 1000; i++) {
        unsigned chosen = rand_r(&seed) & 0xffff;

        for (int n = 0; n < 16; n++)
            if (chosen & 1u << n)
                pthread_mutex_lock(&locks[n]);
        for (int n = 0; n < 16; n++)
            if (chosen & 1u << n)
                pthread_mutex_unlock(&locks[n]);
    }
    return NULL;
}

/* A hierarchy: any subset of 16 locks, always upwards. */
static void level_order(void)
{
    make_locks();
    run_threads(4, takes_random_upwards);
}

static void *transfers_with_backoff(void *arg)
{
    int from = (int)(intptr_t)arg % 2, to = 1 - from;

    for (int i = 0; i < 500; i++) {
        for (;;) {
            pthread_mutex_lock(&locks[from]);
            if (pthread_mutex_trylock(&locks[to]) == 0)
                break;
            pthread_mutex_unlock(&locks[from]);
            sched_yield();
        }
        pthread_mutex_unlock(&locks[to]);
        pthread_mutex_unlock(&locks[from]);
    }
    return NULL;
}

/* Both orders, but the second lock is only tried, and the first let go on failure. */
static void try_and_back_off(void)
{
    make_locks();
    run_threads(2, transfers_with_backoff);
}

struct node {
    pthread_mutex_t lock;
    struct node *child;
};

static void *locks_fresh_pairs(void *arg)
{
    for (int i = 0; i < 2000; i++) {
        struct node *a = malloc(sizeof(*a)), *b = malloc(sizeof(*b));

        pthread_mutex_init(&a->lock, NULL);
        pthread_mutex_init(&b->lock, NULL);
        pthread_mutex_lock(&a->lock);
        pthread_mutex_lock(&b->lock);
        pthread_mutex_unlock(&b->lock);
        pthread_mutex_unlock(&a->lock);
        /* Freed in the order that swaps the two addresses for the next turn; no destroy, which
         * glibc does not need. */
        free(a);
        free(b);
    }
    return arg;
}

/* Parent before child, but nodes are recycled, so that by address it happens in both orders. */
static void recycled_nodes(void)
{
    run_threads(4, locks_fresh_pairs);
}

static void *reads_or_fills_cache(void *arg)
{
    pthread_rwlock_rdlock(&cache_lock);
    while (cached == 0) {
        pthread_rwlock_unlock(&cache_lock);
        pthread_rwlock_wrlock(&cache_lock);
        cached = 1;
        pthread_rwlock_unlock(&cache_lock);
        pthread_rwlock_rdlock(&cache_lock);
    }
    pthread_rwlock_unlock(&cache_lock);
    return arg;
}

/* Read, let go, write, check again: no upgrade. */
static void cache_fill(void)
{
    run_threads(4, reads_or_fills_cache);
}

static void *logs_under_own_lock(void *arg)
{
    int mine = 1 + (int)(intptr_t)arg;

    for (int i = 0; i < 500; i++) {
        pthread_mutex_lock(&locks[mine]);
        pthread_mutex_lock(&locks[0]);
        pthread_mutex_unlock(&locks[0]);
        pthread_mutex_unlock(&locks[mine]);
    }
    return NULL;
}

/* A log's lock below everybody's: many orders end there, none leaves it. */
static void leaf_lock(void)
{
    make_locks();
    run_threads(4, logs_under_own_lock);
}

static void *waits_for_creator(void *arg)
{
    pthread_mutex_lock(&locks[0]);
    pthread_mutex_unlock(&locks[0]);
    return arg;
}

/* A thread made under a lock that it takes first: it waits until its creator is ready. */
static void create_under_lock(void)
{
    pthread_t thread;

    make_locks();
    pthread_mutex_lock(&locks[0]);
    thread = start(waits_for_creator, NULL);
    sleep_ms(100);
    pthread_mutex_unlock(&locks[0]);
    join(thread);
}

/* ---------------------------------------------------------------- phases and slots */

static void *hundred_phases(void *arg)
{
    int me = (int)(intptr_t)arg;

    for (int i = 0; i < 100; i++) {
        /* In even phases upwards, in odd ones downwards: the barrier lies between. */
        if (me < 2) {
            pthread_mutex_lock(&locks[i % 2]);
            pthread_mutex_lock(&locks[1 - i % 2]);
            pthread_mutex_unlock(&locks[0]);
            pthread_mutex_unlock(&locks[1]);
        }
        pthread_barrier_wait(&barrier);
    }
    return NULL;
}

/* The order of two locks changes with every phase, for all threads together. */
static void barrier_phases(void)
{
    make_locks();
    pthread_barrier_init(&barrier, NULL, 4);
    run_threads(4, hundred_phases);
    pthread_barrier_destroy(&barrier);
}

static void *uses_slot(void *arg)
{
    for (int i = 0; i < 50; i++) {
        sem_wait(&slots);
        sched_yield();
        sem_post(&slots);
    }
    return arg;
}

/* A counting semaphore as a limit: who waits posts too, and so do others. */
static void counted_slots(void)
{
    sem_make(&slots, 3);
    run_threads(6, uses_slot);
}

static void *polls_then_posts(void *arg)
{
    poll(NULL, 0, IDLE_MS);
    sem_post(&finished);
    return arg;
}

/* Main waits for a thread that sits in poll(2): a system call may end at any time. */
static void poller_posts(void)
{
    pthread_t poller;

    sem_make(&finished, 0);
    poller = start(polls_then_posts, NULL);
    sem_wait(&finished);
    join(poller);
}

static void *waits_with_timeouts(void *arg)
{
    struct timespec until;

    pthread_mutex_lock(&queue.mutex);
    while (!queue.stopped) {
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 1;
        pthread_cond_timedwait(&queue.changed, &queue.mutex, &until);
    }
    pthread_mutex_unlock(&queue.mutex);
    return arg;
}

static void *stops_on_third_timeout(void *arg)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += 2;
    pthread_mutex_lock(&queue.mutex);
    while (pthread_cond_clockwait(&queue.room, &queue.mutex, CLOCK_MONOTONIC, &until) == 0)
        ;
    queue.stopped = true;
    pthread_mutex_unlock(&queue.mutex);
    return arg;
}

/* Everybody is in a timed wait, and nobody ever signals: the clock ends it. */
static void timeouts_only(void)
{
    pthread_t first = start(waits_with_timeouts, NULL);
    pthread_t second = start(stops_on_third_timeout, NULL);

    join(first);
    join(second);
}

const struct scenario scenarios[] = {
    {"thread-pool", thread_pool},
    {"pool-idle-then-stopped", pool_idle_then_stopped},
    {"semaphore-pool-idle", semaphore_pool_idle},
    {"idle-at-return", idle_at_return},
    {"idle-at-return-joinable", idle_at_return_joinable},
    {"busy-at-return", busy_at_return},
    {"detached-counted", detached_counted},
    {"address-order", address_order},
    {"level-order", level_order},
    {"try-and-back-off", try_and_back_off},
    {"recycled-nodes", recycled_nodes},
    {"cache-fill", cache_fill},
    {"leaf-lock", leaf_lock},
    {"create-under-lock", create_under_lock},
    {"barrier-phases", barrier_phases},
    {"counted-slots", counted_slots},
    {"poller-posts", poller_posts},
    {"timeouts-only", timeouts_only},
    {NULL, NULL},
};
