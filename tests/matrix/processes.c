/* SPDX-License-Identifier: MIT */
/*
 * processes.c - locks that processes share, and locks that a fork takes along
 *
 * What another process will do cannot be seen from inside one, so a wait on a shared object is
 * never judged. After a fork only the forking thread lives on in the child; a lock that another
 * thread held at that moment stays locked there for ever.
 */
#include "scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONG_MS = 2200 };

struct shared {
    pthread_mutex_t mutex, second;
    pthread_rwlock_t rwlock;
    pthread_cond_t cond;
    pthread_barrier_t barrier;
    sem_t sem;
    bool ready; /* protected by mutex */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;

static struct shared *share(void)
{
    struct shared *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                            -1, 0);
    pthread_mutexattr_t mutexattr;
    pthread_condattr_t condattr;
    pthread_rwlockattr_t rwlockattr;
    pthread_barrierattr_t barrierattr;

    if (s == MAP_FAILED)
        fail("mmap");
    pthread_mutexattr_init(&mutexattr);
    pthread_mutexattr_setpshared(&mutexattr, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&mutexattr, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&s->mutex, &mutexattr);
    pthread_mutex_init(&s->second, &mutexattr);
    pthread_condattr_init(&condattr);
    pthread_condattr_setpshared(&condattr, PTHREAD_PROCESS_SHARED);
    pthread_cond_init(&s->cond, &condattr);
    pthread_rwlockattr_init(&rwlockattr);
    pthread_rwlockattr_setpshared(&rwlockattr, PTHREAD_PROCESS_SHARED);
    pthread_rwlock_init(&s->rwlock, &rwlockattr);
    pthread_barrierattr_init(&barrierattr);
    pthread_barrierattr_setpshared(&barrierattr, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init(&s->barrier, &barrierattr, 2);
    sem_init(&s->sem, 1, 0);
    return s;
}

/* Runs child(s) in a child process, which then ends with status 0. */
static pid_t start_child(void (*child)(struct shared *), struct shared *s)
{
    pid_t pid = fork();

    if (pid < 0)
        fail("fork");
    if (pid == 0) {
        child(s);
        _exit(0);
    }
    return pid;
}

static void wait_for(pid_t pid)
{
    int status;

    if (waitpid(pid, &status, 0) != pid || status != 0)
        fail("the child failed");
}

/* ---------------------------------------------------------------- shared objects, all silent */

static void keeps_mutex_long(struct shared *s)
{
    pthread_mutex_lock(&s->mutex);
    sem_post(&s->sem);
    sleep_ms(LONG_MS);
    pthread_mutex_unlock(&s->mutex);
}

/* Silent: the owner is in another process. */
static void shared_mutex(void)
{
    struct shared *s = share();
    pid_t child = start_child(keeps_mutex_long, s);

    sem_wait(&s->sem);
    pthread_mutex_lock(&s->mutex);
    pthread_mutex_unlock(&s->mutex);
    wait_for(child);
}

static void keeps_rwlock_long(struct shared *s)
{
    pthread_rwlock_rdlock(&s->rwlock);
    sem_post(&s->sem);
    sleep_ms(LONG_MS);
    pthread_rwlock_unlock(&s->rwlock);
}

/* Silent: the reader is in another process. */
static void shared_rwlock(void)
{
    struct shared *s = share();
    pid_t child = start_child(keeps_rwlock_long, s);

    sem_wait(&s->sem);
    pthread_rwlock_wrlock(&s->rwlock);
    pthread_rwlock_unlock(&s->rwlock);
    wait_for(child);
}

static void signals_late(struct shared *s)
{
    sleep_ms(LONG_MS);
    pthread_mutex_lock(&s->mutex);
    s->ready = true;
    pthread_cond_signal(&s->cond);
    pthread_mutex_unlock(&s->mutex);
}

/* Silent: the signal comes from another process. */
static void shared_condition(void)
{
    struct shared *s = share();
    pid_t child = start_child(signals_late, s);

    pthread_mutex_lock(&s->mutex);
    while (!s->ready)
        pthread_cond_wait(&s->cond, &s->mutex);
    pthread_mutex_unlock(&s->mutex);
    wait_for(child);
}

static void posts_late(struct shared *s)
{
    sleep_ms(LONG_MS);
    sem_post(&s->sem);
}

/* Silent: the post comes from another process. */
static void shared_semaphore(void)
{
    struct shared *s = share();
    pid_t child = start_child(posts_late, s);

    sem_wait(&s->sem);
    wait_for(child);
}

static void meets_late(struct shared *s)
{
    sleep_ms(LONG_MS);
    pthread_barrier_wait(&s->barrier);
}

/* Silent: the other party is in another process. */
static void shared_barrier(void)
{
    struct shared *s = share();
    pid_t child = start_child(meets_late, s);

    pthread_barrier_wait(&s->barrier);
    wait_for(child);
}

static void posts_named_late(struct shared *s)
{
    char name[64];
    sem_t *sem;

    (void)s;
    snprintf(name, sizeof(name), "/gridlock-test-%d", (int)getppid());
    sem = sem_open(name, 0);
    sleep_ms(LONG_MS);
    sem_post(sem);
    sem_close(sem);
}

/* Silent: a named semaphore is shared by its nature. */
static void named_semaphore(void)
{
    char name[64];
    sem_t *sem;
    pid_t child;

    snprintf(name, sizeof(name), "/gridlock-test-%d", (int)getpid());
    sem = sem_open(name, O_CREAT | O_EXCL, 0600, 0);
    if (sem == SEM_FAILED)
        fail("sem_open");
    child = start_child(posts_named_late, NULL);
    sem_wait(sem);
    wait_for(child);
    sem_close(sem);
    sem_unlink(name);
}

static void dies_with_mutex(struct shared *s)
{
    pthread_mutex_lock(&s->mutex);
    _exit(0);
}

/* Silent: a shared robust mutex whose owner's process has died. */
static void shared_owner_died(void)
{
    struct shared *s = share();

    wait_for(start_child(dies_with_mutex, s));
    if (pthread_mutex_lock(&s->mutex) != EOWNERDEAD)
        fail("EOWNERDEAD");
    pthread_mutex_consistent(&s->mutex);
    pthread_mutex_unlock(&s->mutex);
}

static void takes_second_first(struct shared *s)
{
    pthread_mutex_lock(&s->second);
    pthread_mutex_lock(&s->mutex);
    pthread_mutex_unlock(&s->mutex);
    pthread_mutex_unlock(&s->second);
}

/* Silent: the child takes them in the other order, but it had ended before the parent began. */
static void shared_order_in_turn(void)
{
    struct shared *s = share();

    wait_for(start_child(takes_second_first, s));
    pthread_mutex_lock(&s->mutex);
    pthread_mutex_lock(&s->second);
    pthread_mutex_unlock(&s->second);
    pthread_mutex_unlock(&s->mutex);
}

/* ---------------------------------------------------------------- fork */

static void *keeps_mutex(void *arg)
{
    pthread_mutex_lock(&mutex);
    reach(1);
    await(2);
    pthread_mutex_unlock(&mutex);
    return arg;
}

static void takes_mutex(struct shared *s)
{
    (void)s;
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
}

/* Must be found: the child's copy of the mutex belongs to a thread that the child does not have. */
static void fork_lost_owner(void)
{
    pthread_t owner = start(keeps_mutex, NULL);
    pid_t child;
    int status;

    await(1);
    child = start_child(takes_mutex, NULL);
    reach(2);
    waitpid(child, &status, 0);
    join(owner);
}

static void takes_other(struct shared *s)
{
    (void)s;
    pthread_mutex_lock(&other);
    pthread_mutex_unlock(&other);
}

/* Silent: the child leaves that mutex alone and uses a free one. */
static void fork_other_lock(void)
{
    pthread_t owner = start(keeps_mutex, NULL);
    pid_t child;

    await(1);
    child = start_child(takes_other, NULL);
    reach(2);
    wait_for(child);
    join(owner);
}

static void executes_true(struct shared *s)
{
    (void)s;
    execl("/bin/true", "true", (char *)NULL);
    _exit(3);
}

/* Silent: exec throws all locks away; this is how threaded programs start others. */
static void fork_exec(void)
{
    pthread_t owner = start(keeps_mutex, NULL);
    pid_t child;

    await(1);
    child = start_child(executes_true, NULL);
    reach(2);
    wait_for(child);
    join(owner);
}

static void unlocks_mutex(struct shared *s)
{
    (void)s;
    pthread_mutex_unlock(&mutex);
    takes_mutex(NULL);
}

/* Silent: a lock held by the forking thread itself is the child's own, and is unlocked there. */
static void fork_own_lock(void)
{
    pid_t child;

    pthread_mutex_lock(&mutex);
    child = start_child(unlocks_mutex, NULL);
    pthread_mutex_unlock(&mutex);
    wait_for(child);
}

static void lock_before_fork(void)
{
    pthread_mutex_lock(&mutex);
}

static void unlock_after_fork(void)
{
    pthread_mutex_unlock(&mutex);
}

static void *locks_now_and_then(void *arg)
{
    for (int i = 0; i < 200; i++) {
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
        sched_yield();
    }
    return arg;
}

/* Silent: pthread_atfork holds the lock over the fork, so that the child finds it sound. */
static void fork_with_handlers(void)
{
    pthread_t busy;

    pthread_atfork(lock_before_fork, unlock_after_fork, unlock_after_fork);
    busy = start(locks_now_and_then, NULL);
    for (int i = 0; i < 10; i++)
        wait_for(start_child(takes_mutex, NULL));
    join(busy);
}

static void *locks_a_b(void *arg)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_lock(&other);
    pthread_mutex_unlock(&other);
    pthread_mutex_unlock(&mutex);
    return arg;
}

static void runs_threads(struct shared *s)
{
    (void)s;
    join(start(locks_a_b, NULL));
    join(start(locks_now_and_then, NULL));
}

/* Silent: a child with threads of its own, while the parent waits for it. */
static void fork_child_threads(void)
{
    join(start(locks_a_b, NULL));
    wait_for(start_child(runs_threads, NULL));
}

static void locks_twice(struct shared *s)
{
    (void)s;
    pthread_mutex_lock(&mutex);
    pthread_mutex_lock(&mutex);
}

/* Must be found: the child hangs by its own fault, and the parent waits for it. */
static void fork_child_hangs(void)
{
    int status;

    waitpid(start_child(locks_twice, NULL), &status, 0);
}

static void sleeps_long(struct shared *s)
{
    (void)s;
    sleep_ms(LONG_MS);
}

static void *takes_mutex_late(void *arg)
{
    reach(1);
    takes_mutex(NULL);
    return arg;
}

/* Silent: the parent waits for a child that takes its time, and a worker waits for the parent. */
static void wait_for_child_with_lock(void)
{
    pthread_t worker;

    pthread_mutex_lock(&mutex);
    worker = start(takes_mutex_late, NULL);
    await(1);
    wait_for(start_child(sleeps_long, NULL));
    pthread_mutex_unlock(&mutex);
    join(worker);
}

const struct scenario scenarios[] = {
    {"shared-mutex", shared_mutex},
    {"shared-rwlock", shared_rwlock},
    {"shared-condition", shared_condition},
    {"shared-semaphore", shared_semaphore},
    {"shared-barrier", shared_barrier},
    {"named-semaphore", named_semaphore},
    {"shared-owner-died", shared_owner_died},
    {"shared-order-in-turn", shared_order_in_turn},
    {"fork-lost-owner", fork_lost_owner},
    {"fork-other-lock", fork_other_lock},
    {"fork-exec", fork_exec},
    {"fork-own-lock", fork_own_lock},
    {"fork-with-handlers", fork_with_handlers},
    {"fork-child-threads", fork_child_threads},
    {"fork-child-hangs", fork_child_hangs},
    {"wait-for-child-with-lock", wait_for_child_with_lock},
    {NULL, NULL},
};
