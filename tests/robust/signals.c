/* SPDX-License-Identifier: MIT */
/*
 * signals.c - handlers that interrupt anything, cancellation, and stacks that are not the thread's
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/matrix/scenario.h"

enum { STORM_MS = 500 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t inner = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t ticks;
static atomic_bool storm_over;

static void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigaction(number, &action, NULL);
}

static void post_tick(int number)
{
    (void)number;
    sem_post(&ticks);
}

static void start_storm(int flags)
{
    struct itimerval often = {{0, 300}, {0, 300}};

    sem_make(&ticks, 0);
    handle(SIGALRM, post_tick, flags);
    setitimer(ITIMER_REAL, &often, NULL);
}

static void stop_storm(void)
{
    struct itimerval never = {{0, 0}, {0, 0}};

    setitimer(ITIMER_REAL, &never, NULL);
    atomic_store(&storm_over, true);
}

static void *locks_in_storm(void *arg)
{
    while (!atomic_load(&storm_over)) {
        pthread_mutex_lock(&mutex);
        pthread_mutex_lock(&inner);
        pthread_mutex_unlock(&inner);
        pthread_mutex_unlock(&mutex);
        pthread_rwlock_rdlock(&rwlock);
        pthread_rwlock_unlock(&rwlock);
        sem_trywait(&ticks);
    }
    return arg;
}

/* Thousands of handlers that post, in the middle of every lock call there is. */
static void signal_storm(void)
{
    pthread_t threads[4];

    start_storm(SA_RESTART);
    for (int i = 0; i < 4; i++)
        threads[i] = start(locks_in_storm, NULL);
    for (int i = 0; i < STORM_MS / 10; i++)
        sleep_ms(10);
    stop_storm();
    for (int i = 0; i < 4; i++)
        join(threads[i]);
}

static void *makes_and_joins(void *arg)
{
    atomic_bool *over = &storm_over;

    while (!atomic_load(over)) {
        pid_t child = fork();

        if (child == 0)
            _exit(0);
        while (waitpid(child, NULL, 0) != child)
            ;
    }
    return arg;
}

/* The same, while a thread forks. */
static void signal_storm_fork(void)
{
    pthread_t locker, forker;

    start_storm(SA_RESTART);
    locker = start(locks_in_storm, NULL);
    forker = start(makes_and_joins, NULL);
    for (int i = 0; i < STORM_MS / 10; i++)
        sleep_ms(10);
    stop_storm();
    join(locker);
    join(forker);
}

static void use_alternate_stack(void)
{
    static char memory[65536];
    stack_t stack = {.ss_sp = memory, .ss_size = sizeof(memory)};

    if (sigaltstack(&stack, NULL) != 0)
        fail("sigaltstack");
}

/* The handler runs on another stack than the thread's; wrappers must not take it for a sign that
 * frames are gone. */
static void alternate_stack(void)
{
    use_alternate_stack();
    sem_make(&ticks, 0);
    handle(SIGUSR1, post_tick, SA_ONSTACK);
    for (int i = 0; i < 10; i++) {
        pthread_mutex_lock(&mutex);
        raise(SIGUSR1);
        pthread_mutex_unlock(&mutex);
    }
    for (int i = 0; i < 10; i++)
        sem_wait(&ticks);
}

static void end_with_7(int number)
{
    (void)number;
    _exit(7);
}

static int __attribute__((noinline)) recurse(volatile int *depth)
{
    volatile int here[256] = {*depth + 1};

    if (*depth < 0)
        return 0;
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    return recurse(here) + here[1];
}

/* The program catches its own stack overflow, which may well happen inside a lock call. */
static void stack_overflow(void)
{
    volatile int zero = 0;

    setrlimit(RLIMIT_STACK, &(struct rlimit){256 * 1024, 256 * 1024});
    use_alternate_stack();
    handle(SIGSEGV, end_with_7, SA_ONSTACK);
    recurse(&zero);
}

static void *works_until_cancelled(void *arg)
{
    for (;;) {
        pthread_testcancel();
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
    }
    return arg;
}

static void cancel_and_join(pthread_t thread)
{
    void *result;

    pthread_cancel(thread);
    if (pthread_join(thread, &result) != 0 || result != PTHREAD_CANCELED)
        fail("not cancelled");
}

static void cancel_deferred(void)
{
    for (int i = 0; i < 50; i++) {
        pthread_t thread = start(works_until_cancelled, NULL);

        usleep(500);
        cancel_and_join(thread);
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
    }
}

static void *spins_until_cancelled(void *arg)
{
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    for (volatile long i = 0;; i++)
        ;
    return arg;
}

/* Ended at any instruction, without a lock. */
static void cancel_asynchronous(void)
{
    for (int i = 0; i < 20; i++) {
        pthread_t thread = start(spins_until_cancelled, NULL);

        usleep(500);
        cancel_and_join(thread);
    }
}

static void *compares_mask(void *arg)
{
    sigset_t set, *expected = arg;

    pthread_sigmask(SIG_BLOCK, NULL, &set);
    for (int n = 1; n < 65; n++)
        if (sigismember(&set, n) != sigismember(expected, n))
            fail("the mask was not inherited");
    return NULL;
}

/* The mask that a thread inherits is its creator's, and no handler of ours is in the way. */
static void blocked_signals(void)
{
    struct sigaction action;
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_SETMASK, &set, NULL);
    join(start(compares_mask, &set));
    compares_mask(&set);
    for (int n = 1; n < 65; n++)
        if (n != 32 && n != 33 && sigaction(n, NULL, &action) == 0 &&
            action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN)
            fail("somebody set a handler");
}

static void ignore(int number)
{
    (void)number;
}

/* A wait that a signal interrupts says so (semaphores) or goes on (everything else). */
static void interrupted_waits(void)
{
    struct itimerval soon = {{0, 0}, {0, 100 * 1000}};

    sem_make(&ticks, 0);
    handle(SIGALRM, ignore, 0);
    setitimer(ITIMER_REAL, &soon, NULL);
    if (sem_wait(&ticks) != -1)
        fail("sem_wait was not interrupted");
    printf("sem_wait: %s\n", strerror(errno));
}

const struct scenario scenarios[] = {
    {"signal-storm", signal_storm},
    {"signal-storm-fork", signal_storm_fork},
    {"alternate-stack", alternate_stack},
    {"stack-overflow", stack_overflow},
    {"cancel-deferred", cancel_deferred},
    {"cancel-asynchronous", cancel_asynchronous},
    {"blocked-signals", blocked_signals},
    {"interrupted-waits", interrupted_waits},
    {NULL, NULL},
};
