/* SPDX-License-Identifier: MIT */
/*
 * endings.c - all the ways in which a program can end
 *
 * Exit statuses, output that is still in a buffer, and handlers that run late must be the same
 * under gridlock; a finding made before the end must survive it, however sudden.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "tests/matrix/scenario.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

static void lock_and_unlock(void)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
}

static void make_finding(void)
{
    lock_and_unlock();
    pthread_mutex_unlock(&mutex);
}

static void *works(void *arg)
{
    lock_and_unlock();
    return arg;
}

static void no_core(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
}

static void status_0(void)
{
    join(start(works, NULL));
    exit(0);
}

static void status_1(void)
{
    join(start(works, NULL));
    exit(1);
}

static void status_42(void)
{
    exit(42);
}

static void status_255(void)
{
    exit(255);
}

/* _exit flushes nothing: what printf has buffered is lost, with gridlock as without. */
static void underscore_exit(void)
{
    printf("never seen");
    _exit(5);
}

static void end_quickly(void)
{
    lock_and_unlock();
    if (write(1, "quick\n", 6) != 6)
        _exit(3);
}

static void quick(void)
{
    at_quick_exit(end_quickly);
    quick_exit(6);
}

static void *calls_exit(void *arg)
{
    (void)arg;
    exit(7);
}

/* exit() is called by a thread while main waits for another one, who sleeps. */
static void *sleeps(void *arg)
{
    sleep_ms(60000);
    return arg;
}

static void exit_in_thread(void)
{
    pthread_t sleeper = start(sleeps, NULL);

    start(calls_exit, NULL);
    join(sleeper);
}

static void *ends_last(void *arg)
{
    sleep_ms(200);
    puts("the last thread");
    return arg;
}

/* Main leaves first; the process ends with its last thread, with status 0. */
static void main_pthread_exit(void)
{
    pthread_detach(start(ends_last, NULL));
    pthread_exit(NULL);
}

static void call_abort(void)
{
    no_core();
    abort();
}

static void segmentation_fault(void)
{
    no_core();
    raise(SIGSEGV);
}

static void kill_9(void)
{
    kill(getpid(), SIGKILL);
    sleep_ms(1000);
}

static void kill_term(void)
{
    kill(getpid(), SIGTERM);
    sleep_ms(1000);
}

/* Nothing can run after SIGKILL: the finding must be out before. */
static void kill_9_after_finding(void)
{
    make_finding();
    kill_9();
}

static void abort_after_finding(void)
{
    make_finding();
    call_abort();
}

static void status_42_after_finding(void)
{
    make_finding();
    exit(42);
}

static void late(void)
{
    join(start(works, NULL));
    lock_and_unlock();
    puts("late");
}

static void atexit_locks(void)
{
    atexit(late);
}

/* Output through a pipe or to a file stays in stdio's buffer until exit. */
static void buffered_output(void)
{
    for (int i = 0; i < 5000; i++)
        printf("line %d\n", i);
    fputs("an unfinished line", stdout);
    exit(0);
}

static void buffered_output_finding(void)
{
    printf("before\n");
    make_finding();
    printf("after\n");
}

/* errno is the caller's: a lock call that succeeds leaves it alone. */
static void errno_kept(void)
{
    pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
    pthread_once_t once = PTHREAD_ONCE_INIT;
    struct timespec past = {.tv_sec = 1};
    pthread_barrier_t barrier;
    sem_t sem;

    for (int i = 0; i < 3; i++) {
        errno = 77;
        pthread_mutex_lock(&mutex);
        pthread_mutex_trylock(&mutex);
        pthread_cond_timedwait(&cond, &mutex, &past);
        pthread_rwlock_rdlock(&rwlock);
        pthread_rwlock_unlock(&rwlock);
        pthread_rwlock_wrlock(&rwlock);
        pthread_rwlock_unlock(&rwlock);
        pthread_cond_signal(&cond);
        pthread_mutex_unlock(&mutex);
        sem_init(&sem, 0, 1);
        sem_wait(&sem);
        sem_post(&sem);
        sem_destroy(&sem);
        pthread_once(&once, lock_and_unlock);
        pthread_barrier_init(&barrier, NULL, 1);
        pthread_barrier_wait(&barrier);
        pthread_barrier_destroy(&barrier);
        if (errno != 77)
            fail("errno was changed");
    }
    join(start(works, NULL));
}

static void key_destructor(void *value)
{
    pthread_mutex_lock(value);
    pthread_mutex_unlock(value);
    puts("destructor");
}

static pthread_key_t key;

static void *sets_key(void *arg)
{
    pthread_setspecific(key, &mutex);
    return arg;
}

static void key_destructor_locks(void)
{
    pthread_key_create(&key, key_destructor);
    for (int i = 0; i < 3; i++)
        join(start(sets_key, NULL));
}

const struct scenario scenarios[] = {
    {"status-0", status_0},
    {"status-1", status_1},
    {"status-42", status_42},
    {"status-255", status_255},
    {"underscore-exit", underscore_exit},
    {"quick-exit", quick},
    {"exit-in-thread", exit_in_thread},
    {"main-pthread-exit", main_pthread_exit},
    {"abort", call_abort},
    {"segmentation-fault", segmentation_fault},
    {"kill-9", kill_9},
    {"kill-term", kill_term},
    {"kill-9-after-finding", kill_9_after_finding},
    {"abort-after-finding", abort_after_finding},
    {"status-42-after-finding", status_42_after_finding},
    {"atexit-locks", atexit_locks},
    {"buffered-output", buffered_output},
    {"buffered-output-finding", buffered_output_finding},
    {"errno-kept", errno_kept},
    {"key-destructor-locks", key_destructor_locks},
    {NULL, NULL},
};
