/* SPDX-License-Identifier: MIT */
/*
 * misuse.c - calls that the rules of pthreads forbid, and the nearest calls that they allow
 *
 * The misuse is harmless in this run (but for the rows that hang): the program goes on to its end,
 * so that a finding can only come from watching the calls. Misuse of plain locks that every kind of
 * lock knows (unlock twice, destroy while locked, ...) is in the table itself, as scripts.
 */
#include "scenario.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

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

static void *nothing(void *arg)
{
    return arg;
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
    void *page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    locked_object(page);
    munmap(page, 4096);
}

/* Silent: unlocked first. */
static void unmap_unlocked(void)
{
    struct object *o =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

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
    {"robust-owner-died", robust_owner_died},
    {"join-by-two", join_by_two},
    {"join-again", join_again},
    {"join-reused-handle", join_reused_handle},
    {"not-joined", not_joined},
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
