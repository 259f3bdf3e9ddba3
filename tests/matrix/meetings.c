/* SPDX-License-Identifier: MIT */
/*
 * meetings.c - hangs over barriers, joins, onces and mixtures, and their neighbours that end
 *
 * The hang rows really hang, every time; the comment of each says for what it waits in vain, or,
 * for its neighbour, why the wait ends.
 */
#include "scenario.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock_a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t lock_b = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static bool ready; /* protected by mutex */

/* ---------------------------------------------------------------- barriers */

static void *meets(void *arg)
{
    pthread_barrier_wait(&barrier);
    return arg;
}

static void *meets_holding_table(void *arg)
{
    pthread_rwlock_rdlock(&table);
    reach(1);
    meets(arg);
    pthread_rwlock_unlock(&table);
    return NULL;
}

/* Must be found: three are expected, two exist. */
static void barrier_one_short(void)
{
    pthread_t first, second;

    pthread_barrier_init(&barrier, NULL, 3);
    first = start(meets, NULL);
    second = start(meets, NULL);
    join(first);
    join(second);
}

/* Silent: main is the third. */
static void barrier_complete(void)
{
    pthread_t first, second;

    pthread_barrier_init(&barrier, NULL, 3);
    first = start(meets, NULL);
    second = start(meets, NULL);
    meets(NULL);
    join(first);
    join(second);
    pthread_barrier_destroy(&barrier);
}

/* Must be found: main wants to write what a reader at the barrier holds, and never gets there. */
static void barrier_and_rwlock(void)
{
    pthread_t reader;

    pthread_barrier_init(&barrier, NULL, 2);
    reader = start(meets_holding_table, NULL);
    await(1);
    pthread_rwlock_wrlock(&table);
    meets(NULL);
    join(reader);
}

/* ---------------------------------------------------------------- joins */

static pthread_t ring[3];

static void *joins_next(void *arg)
{
    int me = (int)(intptr_t)arg;

    await(1);
    pthread_join(ring[(me + 1) % 3], NULL);
    return NULL;
}

/* Must be found: three threads, each joins the next (glibc refuses only a ring of two). */
static void join_ring(void)
{
    for (int i = 0; i < 3; i++)
        ring[i] = start(joins_next, (void *)(intptr_t)i);
    reach(1);
    sleep_ms(5000);
}

static void *joins_previous(void *arg)
{
    int me = (int)(intptr_t)arg;

    await(1);
    if (me > 0)
        join(ring[me - 1]);
    return NULL;
}

/* Silent: a chain of joins ends at the first thread. */
static void join_line(void)
{
    for (int i = 0; i < 3; i++)
        ring[i] = start(joins_previous, (void *)(intptr_t)i);
    reach(1);
    join(ring[2]);
}

static void *needs_a(void *arg)
{
    sleep_ms(50);
    pthread_mutex_lock(&lock_a);
    pthread_mutex_unlock(&lock_a);
    return arg;
}

/* Must be found: main joins with a lock held that its thread needs for its last step. */
static void join_with_lock(void)
{
    pthread_t thread;

    pthread_mutex_lock(&lock_a);
    thread = start(needs_a, NULL);
    join(thread);
    pthread_mutex_unlock(&lock_a);
}

/* Silent: a timed join comes back, the lock is given up, and all is well. */
static void timed_join_with_lock(void)
{
    struct timespec until;
    pthread_t thread;

    pthread_mutex_lock(&lock_a);
    thread = start(needs_a, NULL);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 2;
    if (pthread_timedjoin_np(thread, NULL, &until) != ETIMEDOUT)
        fail("pthread_timedjoin_np");
    pthread_mutex_unlock(&lock_a);
    join(thread);
}

static void *waits_for_ready(void *arg)
{
    pthread_mutex_lock(&mutex);
    reach(1);
    while (!ready)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
    return arg;
}

static void *raises_ready_with_table(void *arg)
{
    await(1);
    pthread_rwlock_rdlock(&table);
    pthread_mutex_lock(&mutex);
    ready = true;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
    pthread_rwlock_unlock(&table);
    return arg;
}

/* Must be found: main holds the rwlock and joins; the thread waits on a condition for a third one,
 * who needs the rwlock before it signals. */
static void chain_join_condition_rwlock(void)
{
    pthread_t waiter, raiser;

    pthread_rwlock_wrlock(&table);
    waiter = start(waits_for_ready, NULL);
    raiser = start(raises_ready_with_table, NULL);
    join(waiter);
    pthread_rwlock_unlock(&table);
    join(raiser);
}

/* ---------------------------------------------------------------- once */

static pthread_once_t once_one = PTHREAD_ONCE_INIT;
static pthread_once_t once_two = PTHREAD_ONCE_INIT;

static void nothing(void)
{
}

static void calls_itself(void)
{
    pthread_once(&once_one, nothing);
}

/* Must be found: the routine runs its own once again, which waits for the routine to end. */
static void once_inside_itself(void)
{
    pthread_once(&once_one, calls_itself);
}

static void uses_two(void)
{
    pthread_once(&once_two, nothing);
}

static void *runs_one_using_two(void *arg)
{
    pthread_once(&once_one, uses_two);
    return arg;
}

/* Silent: a once inside another once, always in that order. */
static void once_nested(void)
{
    pthread_t first = start(runs_one_using_two, NULL);
    pthread_t second = start(runs_one_using_two, NULL);

    pthread_once(&once_one, uses_two);
    join(first);
    join(second);
}

static void one_then_two(void)
{
    reach(1);
    await(2);
    pthread_once(&once_two, nothing);
}

static void two_then_one(void)
{
    reach(2);
    pthread_once(&once_one, nothing);
}

static void *runs_one(void *arg)
{
    pthread_once(&once_one, one_then_two);
    return arg;
}

/* Must be found: two onces, each run inside the other, by two threads. */
static void once_crossing(void)
{
    pthread_t thread = start(runs_one, NULL);

    await(1);
    pthread_once(&once_two, two_then_one);
    join(thread);
}

static void needs_lock_a(void)
{
    reach(2);
    pthread_mutex_lock(&lock_a);
    pthread_mutex_unlock(&lock_a);
}

static void *runs_one_needing_a(void *arg)
{
    await(1);
    pthread_once(&once_one, needs_lock_a);
    return arg;
}

/* Must be found: the routine waits for lock_a; its owner waits for the routine. */
static void once_and_lock(void)
{
    pthread_t thread = start(runs_one_needing_a, NULL);

    pthread_mutex_lock(&lock_a);
    reach(1);
    await(2);
    pthread_once(&once_one, needs_lock_a);
    pthread_mutex_unlock(&lock_a);
    join(thread);
}

static void takes_a_while(void)
{
    reach(1);
    sleep_ms(2200);
}

static void *runs_one_slowly(void *arg)
{
    pthread_once(&once_one, takes_a_while);
    return arg;
}

/* Silent: waiting for a routine that takes its time. */
static void once_slow(void)
{
    pthread_t thread = start(runs_one_slowly, NULL);

    await(1);
    pthread_once(&once_one, takes_a_while);
    join(thread);
}

/* ---------------------------------------------------------------- realistic mixtures */

static pthread_mutex_t forks[5] = {
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
};

static void *dines(void *arg)
{
    int seat = (int)(intptr_t)arg;

    pthread_mutex_lock(&forks[seat]);
    pthread_barrier_wait(&barrier);
    pthread_mutex_lock(&forks[(seat + 1) % 5]);
    pthread_mutex_unlock(&forks[(seat + 1) % 5]);
    pthread_mutex_unlock(&forks[seat]);
    return NULL;
}

/* Must be found: five philosophers, each with the left fork in hand. */
static void philosophers(void)
{
    pthread_t guests[5];

    pthread_barrier_init(&barrier, NULL, 5);
    for (int i = 0; i < 5; i++)
        guests[i] = start(dines, (void *)(intptr_t)i);
    for (int i = 0; i < 5; i++)
        join(guests[i]);
}

static void *locks_a_then_b(void *arg)
{
    pthread_mutex_lock(&lock_a);
    pthread_barrier_wait(&barrier);
    pthread_mutex_lock(&lock_b);
    return arg;
}

static void *locks_b_then_a(void *arg)
{
    pthread_mutex_lock(&lock_b);
    pthread_barrier_wait(&barrier);
    pthread_mutex_lock(&lock_a);
    return arg;
}

/* Must be found at once: two detached threads are stuck for ever, although main lives on. */
static void detached_pair(void)
{
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_detach(start(locks_a_then_b, NULL));
    pthread_detach(start(locks_b_then_a, NULL));
    sleep_ms(3000);
}

static void *reads_pipe_holding_a(void *arg)
{
    char byte;

    pthread_mutex_lock(&lock_a);
    reach(1);
    if (read(*(int *)arg, &byte, 1) != 1)
        fail("read");
    pthread_mutex_unlock(&lock_a);
    return NULL;
}

static void *writes_pipe_late(void *arg)
{
    sleep_ms(2500);
    if (write(*(int *)arg, "x", 1) != 1)
        fail("write");
    return NULL;
}

/* Silent: the owner sits in read(2), which is no wait that we could judge; it comes back. */
static void lock_held_in_read(void)
{
    pthread_t reader, writer;
    int ends[2];

    if (pipe(ends) != 0)
        fail("pipe");
    reader = start(reads_pipe_holding_a, &ends[0]);
    writer = start(writes_pipe_late, &ends[1]);
    await(1);
    pthread_mutex_lock(&lock_a);
    pthread_mutex_unlock(&lock_a);
    join(reader);
    join(writer);
}

static void *holds_b_wants_a(void *arg)
{
    pthread_mutex_lock(&lock_b);
    reach(1);
    pthread_mutex_lock(&lock_a);
    pthread_mutex_unlock(&lock_a);
    pthread_mutex_unlock(&lock_b);
    return arg;
}

/* Silent: each of two holds a lock and wants the other's, but one of them with a limit. */
static void limit_resolves(void)
{
    struct timespec until;
    pthread_t other;

    pthread_mutex_lock(&lock_a);
    other = start(holds_b_wants_a, NULL);
    await(1);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 2;
    if (pthread_mutex_timedlock(&lock_b, &until) != ETIMEDOUT)
        fail("pthread_mutex_timedlock");
    pthread_mutex_unlock(&lock_a);
    join(other);
}

static pthread_mutex_t kept = PTHREAD_MUTEX_INITIALIZER;

static void *keeps_and_ends(void *arg)
{
    pthread_detach(pthread_self());
    pthread_mutex_lock(&kept);
    reach(1);
    return arg;
}

/* Must be found: a detached thread ended with the lock, and main wants it. */
static void detached_kept_it(void)
{
    start(keeps_and_ends, NULL);
    await(1);
    sleep_ms(50);
    pthread_mutex_lock(&kept);
}

const struct scenario scenarios[] = {
    {"barrier-one-short", barrier_one_short},
    {"barrier-complete", barrier_complete},
    {"barrier-and-rwlock", barrier_and_rwlock},
    {"join-ring", join_ring},
    {"join-line", join_line},
    {"join-with-lock", join_with_lock},
    {"timed-join-with-lock", timed_join_with_lock},
    {"chain-join-condition-rwlock", chain_join_condition_rwlock},
    {"once-inside-itself", once_inside_itself},
    {"once-nested", once_nested},
    {"once-crossing", once_crossing},
    {"once-and-lock", once_and_lock},
    {"once-slow", once_slow},
    {"philosophers", philosophers},
    {"detached-pair", detached_pair},
    {"lock-held-in-read", lock_held_in_read},
    {"limit-resolves", limit_resolves},
    {"detached-kept-it", detached_kept_it},
    {NULL, NULL},
};
