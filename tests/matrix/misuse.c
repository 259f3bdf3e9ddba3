/* SPDX-License-Identifier: MIT */
/*
 * misuse.c - calls that the rules of pthreads forbid, and the nearest calls that they allow
 *
 * The misuse is harmless in this run (but for the rows that hang): the program goes on to its end,
 * so that a finding can only come from watching the calls. Misuse of plain locks that every kind of
 * lock knows (unlock twice, destroy while locked, ...) is in the table itself, as scripts.
 */
#include "scenario.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t sem;
static int ready; /* protected by mutex */

static struct timespec in_ms(int ms)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += ms % 1000 * 1000000L;
    if (t.tv_nsec >= 1000000000L) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000L;
    }
    return t;
}

/* ---------------------------------------------------------------- conditions */

/* Must be found: the mutex has to be locked by the waiter. */
static void wait_unlocked(void)
{
    struct timespec soon = in_ms(50);

    pthread_cond_timedwait(&cond, &mutex, &soon);
    pthread_mutex_unlock(&mutex);
}

/* Silent: it is. */
static void wait_locked(void)
{
    struct timespec soon = in_ms(50);

    pthread_mutex_lock(&mutex);
    pthread_cond_timedwait(&cond, &mutex, &soon);
    pthread_mutex_unlock(&mutex);
}

static void *holds_mutex(void *arg)
{
    pthread_mutex_lock(&mutex);
    reach(1);
    await(2);
    pthread_mutex_unlock(&mutex);
    return arg;
}

/* Must be found: it is locked, but by another thread. */
static void wait_locked_by_other(void)
{
    pthread_t holder = start(holds_mutex, NULL);
    struct timespec soon;

    await(1);
    soon = in_ms(50);
    pthread_cond_timedwait(&cond, &mutex, &soon);
    pthread_mutex_unlock(&mutex);
    reach(2);
    join(holder);
}

static void *waits_with(void *arg)
{
    struct timespec soon = in_ms(300);

    pthread_mutex_lock(arg);
    pthread_cond_timedwait(&cond, arg, &soon);
    pthread_mutex_unlock(arg);
    return NULL;
}

/* Must be found: two wait on one condition at the same time, with different mutexes. */
static void two_mutexes(void)
{
    pthread_t first = start(waits_with, &mutex), second = start(waits_with, &other);

    join(first);
    join(second);
}

/* Silent: with different mutexes, but one after the other, which POSIX allows. */
static void two_mutexes_in_turn(void)
{
    join(start(waits_with, &mutex));
    join(start(waits_with, &other));
}

static void *waits_ready(void *arg)
{
    pthread_mutex_lock(&mutex);
    reach(1);
    while (!ready)
        pthread_cond_wait(&cond, &mutex);
    pthread_mutex_unlock(&mutex);
    return arg;
}

static pthread_t started_waiter(void *(*function)(void *), void *arg)
{
    pthread_t waiter = start(function, arg);

    await(1);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    return waiter;
}

/* Must be found: glibc waits in destroy for the waiter to leave, and nobody will wake it. */
static void destroy_condition_waited(void)
{
    pthread_t waiter = started_waiter(waits_ready, NULL);

    pthread_cond_destroy(&cond);
    join(waiter);
}

static void *waits_shortly(void *arg)
{
    struct timespec soon = in_ms(500);

    pthread_mutex_lock(&mutex);
    reach(1);
    pthread_cond_timedwait(&cond, &mutex, &soon);
    pthread_mutex_unlock(&mutex);
    return arg;
}

/* Must be found: the same, but the waiter leaves by itself. */
static void destroy_condition_waited_timed(void)
{
    pthread_t waiter = started_waiter(waits_shortly, NULL);

    pthread_cond_destroy(&cond);
    join(waiter);
}

/* Silent: after a broadcast that wakes them all, destroy is allowed at once. */
static void destroy_condition_broadcast(void)
{
    pthread_t waiter = started_waiter(waits_ready, NULL);

    pthread_mutex_lock(&mutex);
    ready = 1;
    pthread_cond_broadcast(&cond);
    pthread_mutex_unlock(&mutex);
    pthread_cond_destroy(&cond);
    join(waiter);
}

/* ---------------------------------------------------------------- semaphores, barriers, mutexes */

static void *waits_on_sem(void *arg)
{
    reach(1);
    sem_wait(&sem);
    return arg;
}

/* Must be found: somebody waits on it (glibc does nothing in destroy, so a post still helps). */
static void destroy_semaphore_waited(void)
{
    pthread_t waiter;

    sem_make(&sem, 0);
    waiter = start(waits_on_sem, NULL);
    await(1);
    sleep_ms(300);
    sem_destroy(&sem);
    sem_post(&sem);
    join(waiter);
}

static void *posts_sem(void *arg)
{
    sem_post(&sem);
    return arg;
}

/* Silent: who was woken by the last post destroys the semaphore. */
static void destroy_semaphore_after(void)
{
    for (int i = 0; i < 20; i++) {
        pthread_t poster;

        sem_make(&sem, 0);
        poster = start(posts_sem, NULL);
        sem_wait(&sem);
        sem_destroy(&sem);
        join(poster);
    }
}

static void *comes_to_barrier(void *arg)
{
    reach(1);
    pthread_barrier_wait(&barrier);
    return arg;
}

/* Must be found: one of two waits, and then the barrier is destroyed. */
static void destroy_barrier_waited(void)
{
    pthread_t waiter;

    pthread_barrier_init(&barrier, NULL, 2);
    waiter = start(comes_to_barrier, NULL);
    await(1);
    sleep_ms(300);
    pthread_barrier_destroy(&barrier);
    join(waiter);
}

static void *destroys_if_chosen(void *arg)
{
    if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
        pthread_barrier_destroy(&barrier);
    return arg;
}

/* Silent: the thread that was told to be the serial one may destroy the barrier at once. */
static void destroy_barrier_serial(void)
{
    for (int i = 0; i < 20; i++) {
        pthread_t first, second;

        pthread_barrier_init(&barrier, NULL, 2);
        first = start(destroys_if_chosen, NULL);
        second = start(destroys_if_chosen, NULL);
        join(first);
        join(second);
    }
}

struct object {
    pthread_mutex_t lock;
    int references;
};

static void *drops_reference(void *arg)
{
    struct object *o = arg;
    bool last;

    pthread_mutex_lock(&o->lock);
    last = --o->references == 0;
    pthread_mutex_unlock(&o->lock);
    if (last) {
        pthread_mutex_destroy(&o->lock);
        free(o);
    }
    return NULL;
}

/* Silent: the example in POSIX: unlock, then whoever was last destroys and frees. */
static void destroy_after_unlock(void)
{
    for (int i = 0; i < 50; i++) {
        struct object *o = malloc(sizeof(*o));
        pthread_t first, second;

        pthread_mutex_init(&o->lock, NULL);
        o->references = 2;
        first = start(drops_reference, o);
        second = start(drops_reference, o);
        join(first);
        join(second);
    }
}

static struct object *locked_object(struct object *o)
{
    pthread_mutex_init(&o->lock, NULL);
    pthread_mutex_lock(&o->lock);
    return o;
}

/* Must be found: the memory of a locked mutex is freed. */
static void free_locked(void)
{
    free(locked_object(malloc(sizeof(struct object))));
}

/* Silent: it was unlocked before (a destroy is not needed for that). */
static void free_unlocked(void)
{
    struct object *o = locked_object(malloc(sizeof(*o)));

    pthread_mutex_unlock(&o->lock);
    free(o);
}

/* Must be found: realloc moves the block, and with it goes the locked mutex. */
static void realloc_locked(void)
{
    struct object *o = locked_object(malloc(sizeof(*o)));
    void *fence = malloc(64);

    free(realloc(o, 1 << 20));
    free(fence);
}

/* Silent: a block that only grows where it is keeps its mutex. */
static void realloc_in_place(void)
{
    struct object *o = locked_object(malloc(200)), *same;

    same = realloc(o, 120);
    pthread_mutex_unlock(&same->lock);
    free(same);
}

/* Must be found: unmapped under the lock. */
static void unmap_locked(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    locked_object(page);
    munmap(page, 4096);
}

/* Silent: unlocked first. */
static void unmap_unlocked(void)
{
    struct object *o = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    locked_object(o);
    pthread_mutex_unlock(&o->lock);
    munmap(o, 4096);
}

/* ---------------------------------------------------------------- copies */

/* Must be found: the copy is locked from birth, and nobody owns it; it would hang for ever. */
static void copy_locked(void)
{
    static struct object original = {.lock = PTHREAD_MUTEX_INITIALIZER}, copy;

    pthread_mutex_lock(&original.lock);
    memcpy(&copy, &original, sizeof(copy));
    pthread_mutex_unlock(&original.lock);
    pthread_mutex_lock(&copy.lock);
    pthread_mutex_unlock(&copy.lock);
}

/* Silent: an initial value is made to be copied. */
static void copy_initial(void)
{
    static const struct object initial = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct object copy = initial;

    pthread_mutex_lock(&copy.lock);
    pthread_mutex_unlock(&copy.lock);
}

/* ---------------------------------------------------------------- results not looked at */

static void *ignores_failed_try(void *arg)
{
    (void)pthread_mutex_trylock(arg);
    pthread_mutex_unlock(arg);
    return NULL;
}

/* Must be found: the trylock fails, and what is unlocked is the other thread's. */
static void unlock_after_failed_try(void)
{
    pthread_mutex_lock(&mutex);
    join(start(ignores_failed_try, &mutex));
}

static void *heeds_failed_try(void *arg)
{
    if (pthread_mutex_trylock(arg) == 0)
        pthread_mutex_unlock(arg);
    return NULL;
}

/* Silent: it looks at the result. */
static void no_unlock_after_failed_try(void)
{
    pthread_mutex_lock(&mutex);
    join(start(heeds_failed_try, &mutex));
    pthread_mutex_unlock(&mutex);
}

static void *ignores_timeout(void *arg)
{
    struct timespec soon = in_ms(50);

    (void)pthread_mutex_timedlock(arg, &soon);
    pthread_mutex_unlock(arg);
    return NULL;
}

/* Must be found: the same with a timed lock. */
static void unlock_after_timeout(void)
{
    pthread_mutex_lock(&mutex);
    join(start(ignores_timeout, &mutex));
}

const struct scenario scenarios[] = {
    {"wait-unlocked", wait_unlocked},
    {"wait-locked", wait_locked},
    {"wait-locked-by-other", wait_locked_by_other},
    {"two-mutexes", two_mutexes},
    {"two-mutexes-in-turn", two_mutexes_in_turn},
    {"destroy-condition-waited", destroy_condition_waited},
    {"destroy-condition-waited-timed", destroy_condition_waited_timed},
    {"destroy-condition-broadcast", destroy_condition_broadcast},
    {"destroy-semaphore-waited", destroy_semaphore_waited},
    {"destroy-semaphore-after", destroy_semaphore_after},
    {"destroy-barrier-waited", destroy_barrier_waited},
    {"destroy-barrier-serial", destroy_barrier_serial},
    {"destroy-after-unlock", destroy_after_unlock},
    {"free-locked", free_locked},
    {"free-unlocked", free_unlocked},
    {"realloc-locked", realloc_locked},
    {"realloc-in-place", realloc_in_place},
    {"unmap-locked", unmap_locked},
    {"unmap-unlocked", unmap_unlocked},
    {"copy-locked", copy_locked},
    {"copy-initial", copy_initial},
    {"unlock-after-failed-try", unlock_after_failed_try},
    {"no-unlock-after-failed-try", no_unlock_after_failed_try},
    {"unlock-after-timeout", unlock_after_timeout},
    {NULL, NULL},
};
