/* SPDX-License-Identifier: MIT */
/*
 * hang.c - a program that hangs, in the way that its argument names; or only looks like it
 *
 * Usage: hang NAME      prints "ready" when all its threads stand where they are to stay
 *
 * Every way is a function that starts its threads and then does what main does. A thread says here()
 * before its last step. Lines that a report must point at end in a comment: AT name.
 */
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t east = PTHREAD_MUTEX_INITIALIZER, west = PTHREAD_MUTEX_INITIALIZER,
                       north = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER, chair = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t start_line;
static pthread_once_t first_once = PTHREAD_ONCE_INIT, second_once = PTHREAD_ONCE_INIT;
static pthread_spinlock_t wheel;
static sem_t slots;
static mtx_t bolt, nut;
static int word;

static atomic_int arrived, met;

static void here(void)
{
    atomic_fetch_add(&arrived, 1);
}

static void nap(void)
{
    usleep(1000);
}

/* Two threads wait here until both have come. */
static void meet(void)
{
    atomic_fetch_add(&met, 1);
    while (atomic_load(&met) % 2 != 0)
        nap();
}

/* `count` threads have arrived, and a moment later they are where they stay. */
static void ready(int count)
{
    while (atomic_load(&arrived) < count)
        nap();
    usleep(50 * 1000);
    write(1, "ready\n", 6);
}

static pthread_t start(void *(*function)(void *))
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, function, NULL) != 0)
        abort();
    return thread;
}

static struct timespec in_an_hour(void)
{
    return (struct timespec){.tv_sec = time(NULL) + 3600};
}

static void *sleeper(void *argument)
{
    here();
    sleep(3600);
    pthread_cond_signal(&more);
    sem_post(&slots);
    return argument;
}

/* --- rings of locks --- */

static void *left(void *argument)
{
    pthread_mutex_lock(&east);
    meet();
    here();
    pthread_mutex_lock(&west); /* AT left */
    return argument;
}

static void *right(void *argument)
{
    pthread_mutex_lock(&west);
    meet();
    here();
    pthread_mutex_lock(&east); /* AT right */
    return argument;
}

static void abba(void)
{
    pthread_t thread = start(left);

    start(right);
    ready(2);
    pthread_join(thread, NULL); /* AT join */
}

static void abba_of(int type, int protocol, int robust)
{
    pthread_mutexattr_t attributes;

    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type);
    pthread_mutexattr_setprotocol(&attributes, protocol);
    pthread_mutexattr_setrobust(&attributes, robust);
    pthread_mutex_init(&east, &attributes);
    pthread_mutex_init(&west, &attributes);
    abba();
}

static void recursive(void)
{
    abba_of(PTHREAD_MUTEX_RECURSIVE, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_STALLED);
}

static void errorcheck(void)
{
    abba_of(PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_STALLED);
}

static void adaptive(void)
{
    abba_of(PTHREAD_MUTEX_ADAPTIVE_NP, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_STALLED);
}

static void *waiter(void *argument)
{
    here();
    pthread_mutex_lock(&east); /* AT waiter */
    return argument;
}

static void inherit(void)
{
    pthread_mutexattr_t attributes;

    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
    pthread_mutex_init(&east, &attributes);
    pthread_mutex_lock(&east);
    pthread_t thread = start(waiter);
    ready(1);
    pthread_join(thread, NULL);
}

/* The kernel finds the ring by itself, and glibc sleeps for ever. */
static void inherit_abba(void)
{
    abba_of(PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_STALLED);
}

static void robust(void)
{
    abba_of(PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_ROBUST);
}

static void *left_in_time(void *argument)
{
    struct timespec limit = in_an_hour();

    pthread_mutex_lock(&east);
    meet();
    here();
    pthread_mutex_timedlock(&west, &limit);
    return argument;
}

static void abba_timed(void)
{
    start(left_in_time);
    start(right);
    ready(2);
    pause();
}

static void self(void)
{
    pthread_mutex_lock(&east);
    start(sleeper);
    ready(1);
    pthread_mutex_lock(&east); /* AT self */
}

static int c11_left(void *argument)
{
    (void)argument;
    mtx_lock(&bolt);
    meet();
    here();
    mtx_lock(&nut); /* AT c11 */
    return 0;
}

static void c11(void)
{
    thrd_t thread;

    mtx_init(&bolt, mtx_plain);
    mtx_init(&nut, mtx_plain);
    thrd_create(&thread, c11_left, NULL);
    mtx_lock(&nut);
    meet();
    ready(1);
    thrd_join(thread, NULL); /* main holds the nut that its thread waits for */
}

static void join_under_lock(void)
{
    pthread_mutex_lock(&east);
    pthread_t thread = start(waiter);
    ready(1);
    pthread_join(thread, NULL); /* AT join-under-lock */
}

static void *forgetful(void *argument)
{
    pthread_mutex_lock(&east);
    return argument;
}

static void abandoned(void)
{
    pthread_join(start(forgetful), NULL);
    start(sleeper);
    ready(1);
    pthread_mutex_lock(&east); /* AT abandoned */
}

static void main_ended(void)
{
    start(left);
    start(right);
    ready(2);
    pthread_exit(NULL);
}

static void forked(void)
{
    pthread_mutex_lock(&north);
    pthread_t thread = start(sleeper);

    if (fork() == 0) {
        pid_t own = getpid();

        dprintf(1, "child %d\n", own);
        pthread_mutex_lock(&north); /* AT forked */
        _exit(0);
    }
    ready(1);
    pthread_join(thread, NULL);
}

/* --- rwlocks --- */

static void *reader(void *argument)
{
    pthread_rwlock_wrlock(&table);
    meet();
    here();
    pthread_rwlock_rdlock(&chair); /* AT reader */
    return argument;
}

static void *writer(void *argument)
{
    pthread_rwlock_wrlock(&chair);
    meet();
    here();
    pthread_rwlock_wrlock(&table); /* AT writer */
    return argument;
}

static void rwlocks(void)
{
    start(reader);
    start(writer);
    ready(2);
    pause();
}

static void *late_writer(void *argument)
{
    here();
    pthread_rwlock_wrlock(&table);
    return argument;
}

static void readers(void)
{
    pthread_rwlock_rdlock(&table);
    start(late_writer);
    ready(1);
    pause();
}

/* --- conditions, semaphores, barriers --- */

static void *consumer(void *argument)
{
    pthread_mutex_lock(&east);
    here();
    pthread_cond_wait(&more, &east); /* AT consumer */
    return argument;
}

static void lost_signal(void)
{
    pthread_t thread = start(consumer);

    ready(1);
    pthread_join(thread, NULL);
}

static void signal_later(void)
{
    start(sleeper);
    lost_signal();
}

static void *consumer_in_time(void *argument)
{
    struct timespec limit = in_an_hour();

    pthread_mutex_lock(&east);
    here();
    pthread_cond_timedwait(&more, &east, &limit);
    return argument;
}

static void cond_timed(void)
{
    pthread_t thread = start(consumer_in_time);

    ready(1);
    pthread_join(thread, NULL);
}

/* Signalled, and it needs its mutex again; who has that waits for a lock of the consumer's. */
static void *outer_consumer(void *argument)
{
    pthread_mutex_lock(&west);
    pthread_mutex_lock(&east);
    here();
    pthread_cond_wait(&more, &east); /* AT relock */
    return argument;
}

static void relock(void)
{
    start(outer_consumer);
    while (atomic_load(&arrived) < 1)
        nap();
    pthread_mutex_lock(&east);
    pthread_cond_signal(&more);
    ready(1);
    pthread_mutex_lock(&west); /* AT relock-main */
}

static void semaphore(void)
{
    sem_init(&slots, 0, 0);
    ready(0);
    sem_wait(&slots); /* AT semaphore */
}

static void semaphore_later(void)
{
    start(sleeper);
    semaphore();
}

static void semaphore_timed(void)
{
    struct timespec limit = in_an_hour();

    sem_init(&slots, 0, 0);
    ready(0);
    sem_timedwait(&slots, &limit);
}

static void semaphore_shared(void)
{
    sem_init(&slots, 1, 0);
    ready(0);
    sem_wait(&slots);
}

static void post(int number)
{
    (void)number;
    sem_post(&slots);
}

static void semaphore_handler(void)
{
    signal(SIGUSR1, post);
    semaphore();
}

static void *rower(void *argument)
{
    here();
    pthread_barrier_wait(&start_line); /* AT barrier */
    return argument;
}

static void barrier(void)
{
    pthread_barrier_init(&start_line, NULL, 4);
    pthread_t thread = start(rower);

    start(rower);
    start(rower);
    ready(3);
    pthread_join(thread, NULL);
}

static void barrier_late(void)
{
    start(sleeper);
    barrier();
}

static void futex(void)
{
    ready(0);
    syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0); /* AT futex */
}

/* --- once, streams, spinning --- */

static void again(void)
{
    here();
    pthread_once(&first_once, again); /* AT once-self */
}

static void *once_self_thread(void *argument)
{
    pthread_once(&first_once, again);
    return argument;
}

static void once_self(void)
{
    start(once_self_thread);
    ready(1);
    pause();
}

static void nothing(void)
{
}

static void init_first(void)
{
    meet();
    here();
    pthread_once(&second_once, nothing); /* AT once-left */
}

static void init_second(void)
{
    meet();
    here();
    pthread_once(&first_once, nothing); /* AT once-right */
}

static void *once_left(void *argument)
{
    pthread_once(&first_once, init_first);
    return argument;
}

static void *once_right(void *argument)
{
    pthread_once(&second_once, init_second);
    return argument;
}

static void once_abba(void)
{
    start(once_left);
    start(once_right);
    ready(2);
    pause();
}

static void *logger(void *argument)
{
    pthread_mutex_lock(&east);
    meet();
    here();
    puts("text"); /* AT stream */
    return argument;
}

static void stream(void)
{
    start(logger);
    flockfile(stdout);
    meet();
    ready(1);
    pthread_mutex_lock(&east); /* AT stream-main */
}

static void *spinner(void *argument)
{
    here();
    pthread_spin_lock(&wheel);
    return argument;
}

static void spin(void)
{
    pthread_spin_init(&wheel, 0);
    pthread_spin_lock(&wheel);
    start(spinner);
    ready(1);
    pause();
}

/* --- system calls, and work --- */

static void calls(void)
{
    int ends[2];
    char byte;

    if (pipe(ends) != 0)
        abort();
    start(sleeper);
    pthread_mutex_lock(&east);
    start(waiter);
    ready(2);
    (void)!read(ends[0], &byte, 1); /* AT read */
}

static void *busy(void *argument)
{
    here();
    for (;;) {
        pthread_mutex_lock(&east);
        pthread_mutex_lock(&west);
        pthread_mutex_unlock(&west);
        pthread_mutex_unlock(&east);
    }
    return argument;
}

static void work(void)
{
    pthread_t thread = start(busy);

    start(busy);
    start(busy);
    ready(3);
    pthread_join(thread, NULL);
}

/* More threads than anybody wants to read of one by one. */
static void many(void)
{
    for (int i = 0; i < 150; i++)
        start(consumer);
    ready(150);
    pause();
}

static void pool(void)
{
    pthread_t thread;

    for (int i = 0; i < 150; i++)
        thread = start(consumer);
    ready(150);
    pthread_join(thread, NULL); /* AT pool */
}

static const struct {
    const char *name;
    void (*function)(void);
} ways[] = {
    {"abba", abba},
    {"abba-recursive", recursive},
    {"abba-errorcheck", errorcheck},
    {"abba-adaptive", adaptive},
    {"abba-robust", robust},
    {"abba-timed", abba_timed},
    {"inherit", inherit},
    {"abba-inherit", inherit_abba},
    {"self", self},
    {"c11", c11},
    {"join-under-lock", join_under_lock},
    {"abandoned", abandoned},
    {"main-ended", main_ended},
    {"forked", forked},
    {"rwlocks", rwlocks},
    {"readers", readers},
    {"lost-signal", lost_signal},
    {"signal-later", signal_later},
    {"cond-timed", cond_timed},
    {"relock", relock},
    {"semaphore", semaphore},
    {"semaphore-later", semaphore_later},
    {"semaphore-timed", semaphore_timed},
    {"semaphore-shared", semaphore_shared},
    {"semaphore-handler", semaphore_handler},
    {"barrier", barrier},
    {"barrier-late", barrier_late},
    {"futex", futex},
    {"once-self", once_self},
    {"once-abba", once_abba},
    {"stream", stream},
    {"spin", spin},
    {"calls", calls},
    {"work", work},
    {"many", many},
    {"pool", pool},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]) && argc > 1; i++)
        if (strcmp(ways[i].name, argv[1]) == 0)
            ways[i].function();
    return 1;
}
