/* SPDX-License-Identifier: MIT */
/*
 * endings.c - correct programs that wake, stop or end in unusual ways: signals, timers, cancel
 *
 * Every scenario must stay silent and end by itself. In several of them the whole process is at
 * rest for more than two seconds, and still help is on its way from outside the threads.
 */
#include "scenario.h"

#include <aio.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static sem_t woken;
static pthread_key_t key;
static bool ready; /* protected by mutex */

static void sem_wait_again(sem_t *sem)
{
    while (sem_wait(sem) != 0)
        if (errno != EINTR)
            fail("sem_wait");
}

static void post_from_handler(int signal)
{
    int saved = errno;

    (void)signal;
    sem_post(&woken);
    errno = saved;
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_handler = handler;
    sigaction(number, &action, NULL);
}

/* ---------------------------------------------------------------- signals */

/* Main waits; an alarm's handler posts. sem_post is what POSIX offers for this. */
static void alarm_posts(void)
{
    sem_make(&woken, 0);
    handle(SIGALRM, post_from_handler);
    alarm(2);
    sem_wait_again(&woken);
}

static void *waits_for_end(void *arg)
{
    sem_wait_again(&woken);
    return arg;
}

/* A server at rest: everybody waits until somebody outside sends SIGTERM. */
static void sigterm_posts(void)
{
    pid_t server = getpid(), sender;
    pthread_t waiter;

    sem_make(&woken, 0);
    handle(SIGTERM, post_from_handler);
    sender = fork();
    if (sender == 0) {
        sleep_ms(2200);
        kill(server, SIGTERM);
        _exit(0);
    }
    waiter = start(waits_for_end, NULL);
    join(waiter);
    waitpid(sender, NULL, 0);
}

/* The handler was set by signal(3), not by sigaction(2). */
static void signal_posts(void)
{
    sem_make(&woken, 0);
    signal(SIGALRM, post_from_handler);
    alarm(2);
    sem_wait_again(&woken);
}

static void *takes_signals(void *arg)
{
    int number;

    if (sigwait(arg, &number) != 0 || number != SIGALRM)
        fail("sigwait");
    pthread_mutex_lock(&mutex);
    ready = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

static void wait_until_ready(void)
{
    pthread_mutex_lock(&mutex);
    while (!ready)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
}

/* One thread takes all signals by sigwait, and then may use locks as it likes. */
static void sigwait_thread(void)
{
    pthread_t taker;
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    taker = start(takes_signals, &set);
    alarm(2);
    wait_until_ready();
    join(taker);
}

static void do_nothing(int number)
{
    (void)number;
}

static void *wait_ready_thread(void *arg)
{
    wait_until_ready();
    return arg;
}

/* Main sleeps in sigsuspend while a worker waits for what main will do. */
static void sigsuspend_main(void)
{
    pthread_t waiter;
    sigset_t set, before;

    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &set, &before);
    handle(SIGALRM, do_nothing);
    waiter = start(wait_ready_thread, NULL);
    alarm(2);
    sigsuspend(&before);
    pthread_mutex_lock(&mutex);
    ready = true;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
    join(waiter);
}

/* ---------------------------------------------------------------- helpers that libc starts */

static void raise_ready(union sigval value)
{
    (void)value;
    pthread_mutex_lock(&mutex);
    ready = true;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
}

static void start_timer(struct sigevent *event)
{
    struct itimerspec when = {.it_value = {.tv_sec = 2}};
    timer_t timer;

    if (timer_create(CLOCK_MONOTONIC, event, &timer) != 0 ||
        timer_settime(timer, 0, &when, NULL) != 0)
        fail("timer_create");
}

/* libc's own thread, made behind the scenes, will signal. */
static void timer_thread(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD};

    event.sigev_notify_function = raise_ready;
    start_timer(&event);
    wait_until_ready();
}

static void timer_signal(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};

    sem_make(&woken, 0);
    handle(SIGUSR1, post_from_handler);
    start_timer(&event);
    sem_wait_again(&woken);
}

static void *writes_late(void *arg)
{
    sleep_ms(2200);
    if (write(*(int *)arg, "x", 1) != 1)
        fail("write");
    return NULL;
}

/* Asynchronous input: libc's thread calls us back when a pipe has a byte, two seconds later. */
static void aio_thread(void)
{
    static char byte;
    struct aiocb request;
    pthread_t writer;
    int ends[2];

    if (pipe(ends) != 0)
        fail("pipe");
    memset(&request, 0, sizeof(request));
    request.aio_fildes = ends[0];
    request.aio_buf = &byte;
    request.aio_nbytes = 1;
    request.aio_sigevent.sigev_notify = SIGEV_THREAD;
    request.aio_sigevent.sigev_notify_function = raise_ready;
    if (aio_read(&request) != 0)
        fail("aio_read");
    writer = start(writes_late, &ends[1]);
    wait_until_ready();
    join(writer);
}

/* ---------------------------------------------------------------- cancel */

static void unlock_mutex(void *arg)
{
    pthread_mutex_unlock(arg);
}

static void *waits_cancellably(void *arg)
{
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(unlock_mutex, &mutex);
    reach(1);
    while (!ready)
        pthread_cond_wait(&changed, &mutex);
    pthread_cleanup_pop(1);
    return arg;
}

static void cancel_and_join(pthread_t thread)
{
    void *result;

    if (pthread_cancel(thread) != 0 || pthread_join(thread, &result) != 0 ||
        result != PTHREAD_CANCELED)
        fail("cancel");
}

/* The cleanup handler gives back the mutex that pthread_cond_wait takes on its way out. */
static void cancel_condition_wait(void)
{
    pthread_t waiter = start(waits_cancellably, NULL);

    await(1);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    cancel_and_join(waiter);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
}

static void *waits_on_semaphore(void *arg)
{
    reach(1);
    sem_wait(&woken);
    return arg;
}

/* A wait that nobody ends is ended by cancel. */
static void cancel_semaphore_wait(void)
{
    pthread_t waiter;

    sem_make(&woken, 0);
    waiter = start(waits_on_semaphore, NULL);
    await(1);
    sleep_ms(2200);
    cancel_and_join(waiter);
}

static void *joins_argument(void *arg)
{
    reach(1);
    pthread_join(*(pthread_t *)arg, NULL);
    return NULL;
}

/* A join that is cancelled leaves its thread to be joined by somebody else. */
static void cancel_join(void)
{
    pthread_t waiter, joiner;

    sem_make(&woken, 0);
    waiter = start(waits_for_end, NULL);
    joiner = start(joins_argument, &waiter);
    await(1);
    sleep_ms(100);
    cancel_and_join(joiner);
    sem_post(&woken);
    join(waiter);
}

/* ---------------------------------------------------------------- threads that end */

static void *prints_done(void *arg)
{
    join(*(pthread_t *)arg);
    sleep_ms(2200);
    puts("done");
    return NULL;
}

/* Main ends by pthread_exit, a worker joins it and speaks the last word. */
static void main_exits_first(void)
{
    static pthread_t main_thread;

    main_thread = pthread_self();
    pthread_detach(start(prints_done, &main_thread));
    pthread_exit(NULL);
}

static void *calls_exit(void *arg)
{
    (void)arg;
    sleep_ms(50);
    puts("done");
    exit(0);
}

/* A thread calls exit while main waits for another thread to end. */
static void exit_from_thread(void)
{
    pthread_t waiter;

    sem_make(&woken, 0);
    waiter = start(waits_for_end, NULL);
    start(calls_exit, NULL);
    join(waiter);
}

static void *sets_key(void *arg)
{
    pthread_setspecific(key, &mutex);
    return arg;
}

static void *detaches_itself(void *arg)
{
    pthread_detach(pthread_self());
    return arg;
}

/* Detached by itself, by its creator after its end, by its attribute: nobody has to join. */
static void *ends_with_mutex(void *arg)
{
    pthread_detach(pthread_self());
    pthread_mutex_lock(&mutex);
    reach(1);
    return arg;
}

/* A detached thread may keep a lock for ever on purpose, so that nobody gets past it any more while
 * the process goes down; nobody wants it here. */
static void detached_keeps_lock(void)
{
    start(ends_with_mutex, NULL);
    await(1);
    sleep_ms(100);
}

static void detached_in_three_ways(void)
{
    pthread_attr_t attr;
    pthread_t thread;

    pthread_key_create(&key, NULL);
    start(detaches_itself, NULL);
    thread = start(sets_key, NULL);
    sleep_ms(50);
    pthread_detach(thread);
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_create(&thread, &attr, waits_cancellably, NULL);
    pthread_attr_destroy(&attr);
    await(1);
    raise_ready((union sigval){.sival_int = 0});
    sleep_ms(50);
}

static void locks_in_destructor(void *value)
{
    pthread_mutex_lock(value);
    pthread_mutex_unlock(value);
}

/* Locks are also used after a thread's function has returned. */
static void destructor_locks(void)
{
    pthread_key_create(&key, locks_in_destructor);
    join(start(sets_key, NULL));
}

static void *retries_join(void *arg)
{
    while (pthread_tryjoin_np(*(pthread_t *)arg, NULL) == EBUSY)
        sleep_ms(20);
    return NULL;
}

/* A join that polls is a join. */
static void tryjoin_loop(void)
{
    static pthread_t thread;

    sem_make(&woken, 0);
    thread = start(waits_for_end, NULL);
    sleep_ms(50);
    sem_post(&woken);
    join(start(retries_join, &thread));
}

static mtx_t c11_lock;
static cnd_t c11_changed;
static bool c11_ready; /* protected by c11_lock */
static once_flag c11_once = ONCE_FLAG_INIT;

static void c11_set_up(void)
{
    mtx_init(&c11_lock, mtx_plain);
    cnd_init(&c11_changed);
}

static int c11_waiter(void *arg)
{
    call_once(&c11_once, c11_set_up);
    mtx_lock(&c11_lock);
    while (!c11_ready)
        cnd_wait(&c11_changed, &c11_lock);
    mtx_unlock(&c11_lock);
    return arg == NULL;
}

/* The same life in C11's words. */
static void c11_threads(void)
{
    thrd_t threads[2];

    call_once(&c11_once, c11_set_up);
    for (int i = 0; i < 2; i++)
        thrd_create(&threads[i], c11_waiter, NULL);
    sleep_ms(50);
    mtx_lock(&c11_lock);
    c11_ready = true;
    cnd_broadcast(&c11_changed);
    mtx_unlock(&c11_lock);
    for (int i = 0; i < 2; i++)
        thrd_join(threads[i], NULL);
    mtx_destroy(&c11_lock);
    cnd_destroy(&c11_changed);
}

const struct scenario scenarios[] = {
    {"alarm-posts", alarm_posts},
    {"sigterm-posts", sigterm_posts},
    {"signal-posts", signal_posts},
    {"sigwait-thread", sigwait_thread},
    {"sigsuspend-main", sigsuspend_main},
    {"timer-thread", timer_thread},
    {"timer-signal", timer_signal},
    {"aio-thread", aio_thread},
    {"cancel-condition-wait", cancel_condition_wait},
    {"cancel-semaphore-wait", cancel_semaphore_wait},
    {"cancel-join", cancel_join},
    {"main-exits-first", main_exits_first},
    {"exit-from-thread", exit_from_thread},
    {"detached-in-three-ways", detached_in_three_ways},
    {"detached-keeps-lock", detached_keeps_lock},
    {"destructor-locks", destructor_locks},
    {"tryjoin-loop", tryjoin_loop},
    {"c11-threads", c11_threads},
    {NULL, NULL},
};
