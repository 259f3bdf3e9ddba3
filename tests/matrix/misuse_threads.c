/* SPDX-License-Identifier: MIT */
/*
 * misuse_threads.c - joins, cancels, ends of owners and signal handlers that the rules forbid
 *
 * As in misuse.c, the misuse is harmless in this run but for the rows that hang, and each has the
 * nearest correct program beside it.
 */
#include "scenario.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sem_t sem;

static void *nothing(void *arg)
{
    return arg;
}

/* ---------------------------------------------------------------- robust mutexes */

static pthread_mutex_t robust;

static void *dies_holding_robust(void *arg)
{
    pthread_mutex_lock(&robust);
    return arg;
}

/* Silent: the owner died, the next one is told and repairs: what robust mutexes are for. */
static void robust_owner_died(void)
{
    pthread_mutexattr_t attr;

    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&robust, &attr);
    pthread_mutexattr_destroy(&attr);
    join(start(dies_holding_robust, NULL));
    if (pthread_mutex_lock(&robust) != EOWNERDEAD)
        fail("EOWNERDEAD");
    pthread_mutex_consistent(&robust);
    pthread_mutex_unlock(&robust);
    pthread_mutex_lock(&robust);
    pthread_mutex_unlock(&robust);
}

/* ---------------------------------------------------------------- joins */

static void *sleeps(void *arg)
{
    sleep_ms(300);
    return arg;
}

static pthread_t target;

static void *joins_target(void *arg)
{
    reach(1);
    pthread_join(target, NULL);
    return arg;
}

/* Must be found: two threads join the same one; glibc wakes only one of them at its end. */
static void join_by_two(void)
{
    pthread_t joiner;

    target = start(sleeps, NULL);
    joiner = start(joins_target, NULL);
    await(1);
    pthread_join(target, NULL);
    join(joiner);
}

/* Must be found: it has been joined already, and its handle may by now be another thread. */
static void join_again(void)
{
    pthread_t thread = start(nothing, NULL);

    join(thread);
    pthread_join(thread, NULL);
}

/* Silent: two threads, each joined once; the second may well get the first one's handle again. */
static void join_reused_handle(void)
{
    for (int i = 0; i < 10; i++)
        join(start(nothing, NULL));
}

/* Must be found: it has ended, and nobody joins or detaches it; its stack is kept for ever. */
static void not_joined(void)
{
    start(nothing, NULL);
    sleep_ms(200);
}

/* Must be found: three from one line are one finding, the one from another line is another. */
static void not_joined_several(void)
{
    for (int i = 0; i < 3; i++)
        start(nothing, NULL);
    start(nothing, NULL);
    sleep_ms(200);
}

/* Silent: detached at any time. */
static void detached(void)
{
    pthread_t thread = start(nothing, NULL);

    sleep_ms(200);
    pthread_detach(thread);
}

/* ---------------------------------------------------------------- cancel */

static void *sleeps_with_lock(void *arg)
{
    pthread_mutex_lock(&mutex);
    reach(1);
    sleep_ms(5000);
    pthread_mutex_unlock(&mutex);
    return arg;
}

/* Must be found: cancelled in its sleep, it never comes to its unlock. */
static void cancel_holding(void)
{
    pthread_t thread = start(sleeps_with_lock, NULL);

    await(1);
    pthread_cancel(thread);
    join(thread);
}

static void unlock_argument(void *arg)
{
    pthread_mutex_unlock(arg);
}

static void *sleeps_with_cleanup(void *arg)
{
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(unlock_argument, &mutex);
    reach(1);
    sleep_ms(5000);
    pthread_cleanup_pop(1);
    return arg;
}

/* Silent: its cleanup handler unlocks. */
static void cancel_with_cleanup(void)
{
    pthread_t thread = start(sleeps_with_cleanup, NULL);

    await(1);
    pthread_cancel(thread);
    join(thread);
}

static void *disables_cancel(void *arg)
{
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    pthread_mutex_lock(&mutex);
    reach(1);
    sleep_ms(100);
    pthread_mutex_unlock(&mutex);
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
    pthread_testcancel();
    return arg;
}

/* Silent: cancel has to wait until the lock is given back. */
static void cancel_disabled(void)
{
    pthread_t thread = start(disables_cancel, NULL);

    await(1);
    pthread_cancel(thread);
    join(thread);
}

/* ---------------------------------------------------------------- signal handlers */

static void lock_in_handler(int number)
{
    (void)number;
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
}

static void post_in_handler(int number)
{
    (void)number;
    sem_post(&sem);
}

static void handle(void (*handler)(int))
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_handler = handler;
    sigaction(SIGUSR1, &action, NULL);
}

static void lock_and_unlock(void)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
}

/* Must be found: had the signal come between lock and unlock, it would have hung. */
static void handler_locks(void)
{
    handle(lock_in_handler);
    lock_and_unlock();
    raise(SIGUSR1);
    lock_and_unlock();
}

/* Must be found: it does come between. */
static void handler_locks_hang(void)
{
    handle(lock_in_handler);
    pthread_mutex_lock(&mutex);
    raise(SIGUSR1);
    pthread_mutex_unlock(&mutex);
}

/* Silent: sem_post is safe in a handler. */
static void handler_posts(void)
{
    sem_make(&sem, 0);
    handle(post_in_handler);
    pthread_mutex_lock(&mutex);
    raise(SIGUSR1);
    pthread_mutex_unlock(&mutex);
    sem_wait(&sem);
}

/* Silent: outside the handler the mutex is only taken with the signal blocked. */
static void handler_masked(void)
{
    sigset_t set, before;

    handle(lock_in_handler);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, &before);
    lock_and_unlock();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    raise(SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, &before);
    lock_and_unlock();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Silent: a mutex that only handlers take, one after the other, meets nobody. */
static void handler_alone(void)
{
    handle(lock_in_handler);
    raise(SIGUSR1);
    raise(SIGUSR1);
}

const struct scenario scenarios[] = {
    {"robust-owner-died", robust_owner_died},
    {"join-by-two", join_by_two},
    {"join-again", join_again},
    {"join-reused-handle", join_reused_handle},
    {"not-joined", not_joined},
    {"not-joined-several", not_joined_several},
    {"detached", detached},
    {"cancel-holding", cancel_holding},
    {"cancel-with-cleanup", cancel_with_cleanup},
    {"cancel-disabled", cancel_disabled},
    {"handler-locks", handler_locks},
    {"handler-locks-hang", handler_locks_hang},
    {"handler-posts", handler_posts},
    {"handler-masked", handler_masked},
    {"handler-alone", handler_alone},
    {NULL, NULL},
};
