/* SPDX-License-Identifier: MIT */
/*
 * conditions.c - hangs over conditions and semaphores, and their neighbours that end
 *
 * The hang rows really hang, every time; the comment of each says for what it waits in vain, or,
 * for its neighbour, why the wait ends.
 */
#include "scenario.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

static pthread_mutex_t lock_a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t lock_b = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_cond_t room = PTHREAD_COND_INITIALIZER;
static sem_t ping, pong;
static int items;   /* protected by mutex */
static bool ready;  /* protected by mutex */
static int waiting; /* protected by mutex */

/* ---------------------------------------------------------------- conditions */

/* No predicate: a signal that came before the wait is gone. */
static void *waits_without_predicate(void *arg)
{
    (void)arg;
    await(1);
    pthread_mutex_lock(&mutex);
    pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

/* Must be found: the only signal is sent before the wait begins, and main joins the waiter. */
static void lost_wakeup(void)
{
    pthread_t waiter = start(waits_without_predicate, NULL);

    pthread_mutex_lock(&mutex);
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
    reach(1);
    join(waiter);
}

static void *signals_at_once(void *arg)
{
    (void)arg;
    pthread_cond_signal(&changed);
    return NULL;
}

/* Must be found: main itself is the waiter, and the signaller has been and gone. */
static void lost_wakeup_main(void)
{
    join(start(signals_at_once, NULL));
    reach(1);
    waits_without_predicate(NULL);
}

static void *waits_for_ready(void *arg)
{
    pthread_mutex_lock(&mutex);
    waiting++;
    reach(1);
    while (!ready)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
    return arg;
}

/* Silent: with a predicate, a signal before the wait is not missed. */
static void early_signal_predicate(void)
{
    pthread_t waiter;

    pthread_mutex_lock(&mutex);
    ready = true;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
    waiter = start(waits_for_ready, NULL);
    join(waiter);
}

/* Silent: the signal is sent without the mutex, which is style and no defect. */
static void signal_without_mutex(void)
{
    pthread_t waiter = start(waits_for_ready, NULL);

    await(1);
    pthread_mutex_lock(&mutex);
    ready = true;
    pthread_mutex_unlock(&mutex);
    pthread_cond_signal(&changed);
    join(waiter);
}

/* Returns when n threads wait for ready, and holds the mutex. */
static void lock_with_waiters(int n)
{
    pthread_mutex_lock(&mutex);
    while (waiting < n) {
        pthread_mutex_unlock(&mutex);
        sleep_ms(1);
        pthread_mutex_lock(&mutex);
    }
}

/* Must be found: two wait, one signal is sent, and the one who wakes tells nobody. */
static void signal_one_of_two(void)
{
    pthread_t first = start(waits_for_ready, NULL);
    pthread_t second = start(waits_for_ready, NULL);

    lock_with_waiters(2);
    ready = true;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
    join(first);
    join(second);
}

/* Silent: the broadcast wakes both. */
static void broadcast_to_two(void)
{
    pthread_t first = start(waits_for_ready, NULL);
    pthread_t second = start(waits_for_ready, NULL);

    lock_with_waiters(2);
    ready = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
    join(first);
    join(second);
}

static void *waits_with_second_lock(void *arg)
{
    pthread_mutex_lock(&lock_a);
    waits_for_ready(arg);
    pthread_mutex_unlock(&lock_a);
    return NULL;
}

/* Must be found: the wait gives back `mutex` but keeps lock_a, which the signaller needs first. */
static void condition_keeps_lock(void)
{
    pthread_t waiter = start(waits_with_second_lock, NULL);

    await(1);
    pthread_mutex_lock(&lock_a);
    pthread_mutex_lock(&mutex);
    ready = true;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
    pthread_mutex_unlock(&lock_a);
    join(waiter);
}

/* Silent: the wait keeps lock_a, but the signaller does not need it. */
static void condition_keeps_other_lock(void)
{
    pthread_t waiter = start(waits_with_second_lock, NULL);

    await(1);
    pthread_mutex_lock(&lock_b);
    pthread_mutex_lock(&mutex);
    ready = true;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
    pthread_mutex_unlock(&lock_b);
    join(waiter);
}

static void *consumes_hundred(void *arg)
{
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < 100; i++) {
        while (items == 0)
            pthread_cond_wait(&changed, &mutex);
        items--;
    }
    pthread_mutex_unlock(&mutex);
    return arg;
}

static void *produces_three(void *arg)
{
    for (int i = 0; i < 3; i++) {
        pthread_mutex_lock(&mutex);
        items++;
        pthread_cond_signal(&changed);
        pthread_mutex_unlock(&mutex);
    }
    return arg;
}

/* Must be found: the producer leaves after three items, and main joins consumers of hundreds. */
static void consumers_forgotten(void)
{
    pthread_t consumers[2];
    pthread_t producer;

    for (int i = 0; i < 2; i++)
        consumers[i] = start(consumes_hundred, NULL);
    producer = start(produces_three, NULL);
    join(producer);
    for (int i = 0; i < 2; i++)
        join(consumers[i]);
}

static void *polls_under_lock(void *arg)
{
    struct timespec until;

    pthread_mutex_lock(&lock_a);
    pthread_mutex_lock(&mutex);
    reach(1);
    for (int i = 0; i < 12; i++) {
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 100 * 1000 * 1000;
        if (until.tv_nsec >= 1000 * 1000 * 1000) {
            until.tv_sec++;
            until.tv_nsec -= 1000 * 1000 * 1000;
        }
        pthread_cond_timedwait(&changed, &mutex, &until);
    }
    pthread_mutex_unlock(&mutex);
    pthread_mutex_unlock(&lock_a);
    return arg;
}

/* Silent: a loop over a timed wait, with a lock held for which main waits meanwhile. */
static void timed_wait_under_lock(void)
{
    pthread_t poller = start(polls_under_lock, NULL);

    await(1);
    pthread_mutex_lock(&lock_a);
    pthread_mutex_unlock(&lock_a);
    join(poller);
}

/* ---------------------------------------------------------------- semaphores */

static void *pings(void *arg)
{
    sem_wait(&ping);
    sem_post(&pong);
    return arg;
}

static void *pongs(void *arg)
{
    sem_wait(&pong);
    sem_post(&ping);
    return arg;
}

/* Must be found: each waits for the other's post before it posts itself. */
static void semaphore_ring(void)
{
    pthread_t first, second;

    sem_make(&ping, 0);
    sem_make(&pong, 0);
    first = start(pings, NULL);
    second = start(pongs, NULL);
    join(first);
    join(second);
}

/* Silent: a first post sets the ring going. */
static void semaphore_ring_started(void)
{
    pthread_t first, second;

    sem_make(&ping, 1);
    sem_make(&pong, 0);
    first = start(pings, NULL);
    second = start(pongs, NULL);
    join(first);
    join(second);
}

/* Must be found: nobody but main exists, and main waits for a post. */
static void semaphore_alone(void)
{
    sem_make(&ping, 0);
    sem_wait(&ping);
}

/* Silent: the wait has a limit. */
static void semaphore_alone_timed(void)
{
    struct timespec until;

    sem_make(&ping, 0);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 2;
    if (sem_timedwait(&ping, &until) == 0 || errno != ETIMEDOUT)
        fail("sem_timedwait");
}

static void *waits_for_room(void *arg)
{
    pthread_mutex_lock(&mutex);
    while (items > 0)
        pthread_cond_wait(&room, &mutex);
    items++;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
    return arg;
}

/* Must be found: a full buffer, and the only one who would empty it is joined by the filler. */
static void buffer_full(void)
{
    items = 1;
    join(start(waits_for_room, NULL));
}

const struct scenario scenarios[] = {
    {"lost-wakeup", lost_wakeup},
    {"lost-wakeup-main", lost_wakeup_main},
    {"early-signal-predicate", early_signal_predicate},
    {"signal-without-mutex", signal_without_mutex},
    {"signal-one-of-two", signal_one_of_two},
    {"broadcast-to-two", broadcast_to_two},
    {"condition-keeps-lock", condition_keeps_lock},
    {"condition-keeps-other-lock", condition_keeps_other_lock},
    {"consumers-forgotten", consumers_forgotten},
    {"timed-wait-under-lock", timed_wait_under_lock},
    {"semaphore-ring", semaphore_ring},
    {"semaphore-ring-started", semaphore_ring_started},
    {"semaphore-alone", semaphore_alone},
    {"semaphore-alone-timed", semaphore_alone_timed},
    {"buffer-full", buffer_full},
    {NULL, NULL},
};
