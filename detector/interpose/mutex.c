/* SPDX-License-Identifier: MIT */
/*
 * Mutexes, of all types.
 *
 * 1. A normal mutex that is free is taken right here, as glibc would, on glibc's layout: the
 *    whole fast path is one compare-and-swap and a push.
 * 2. Every other mutex is first tried with the real trylock.
 * 3. Only who has to wait tells the watcher.
 */
#include "detector/core/finding.h"
#include "detector/core/misuse.h"
#include "detector/core/probe.h"
#include "detector/interpose/layout.h"
#include "detector/interpose/mutex.h"
#include "detector/interpose/self.h"

#include <sys/single_threaded.h>

static bool is_plain(const pthread_mutex_t *mutex)
{
    return mutex_layout_known && mutex_kind(mutex) == PTHREAD_MUTEX_NORMAL;
}

static bool is_mine(const struct thread *thread, int owner)
{
    return owner && (owner == thread->tid || owner == thread->forked_from);
}

/* glibc's uncontended path; without other threads it needs no atomic instruction either. */
__attribute__((always_inline)) static inline bool take_free(struct thread *thread,
                                                            pthread_mutex_t *mutex)
{
    int unlocked = 0;

    if (__libc_single_threaded) {
        if (mutex->__data.__lock)
            return false;
        mutex->__data.__lock = 1;
    } else if (!__atomic_compare_exchange_n(&mutex->__data.__lock, &unlocked, 1, 0,
                                            __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        return false;
    }
    __atomic_store_n(&mutex->__data.__owner, thread->tid, __ATOMIC_RELAXED);
    mutex->__data.__nusers++;
    return true;
}

__attribute__((always_inline)) static inline void give_back(pthread_mutex_t *mutex)
{
    __atomic_store_n(&mutex->__data.__owner, 0, __ATOMIC_RELAXED);
    mutex->__data.__nusers--;
    if (__atomic_exchange_n(&mutex->__data.__lock, 0, __ATOMIC_RELEASE) > 1)
        sys_futex_wake((volatile int *)&mutex->__data.__lock, 1);
}

/* A lock that its own owner waits for: it says so, and either it was locked or copied. */
static void self_deadlock(struct thread *thread, pthread_mutex_t *mutex, struct site site)
{
    struct held_lock *lock = held_find(&thread->held, mutex);
    struct misuse_case what = {.rule = lock ? MISUSE_SELF_DEADLOCK : MISUSE_COPIED_LOCK,
                               .object = mutex,
                               .kind = OBJECT_MUTEX,
                               .where = misuse_where(site),
                               .thread = thread->id,
                               .other_thread = thread->id};

    if (lock)
        what.other_where = (struct where){lock->stack, lock->pc};
    misuse_report(&what);
}

static void got(struct thread *thread, pthread_mutex_t *mutex, enum lock_how how, struct site site)
{
    int kind = mutex_kind(mutex);

    if ((kind & MUTEX_TYPE_MASK) == PTHREAD_MUTEX_RECURSIVE && event_reacquired(thread, mutex))
        return;
    event_acquired(thread, mutex, LOCK_MUTEX, MODE_EXCLUSIVE, how, site);
    if (kind & MUTEX_ROBUST) {
        struct held_lock *lock = held_find(&thread->held, mutex);

        if (lock)
            lock->robust = 1;
    }
}

static bool is_got(int result)
{
    return result == 0 || result == EOWNERDEAD;
}

static bool would_hang_itself(struct thread *thread, const pthread_mutex_t *mutex)
{
    int type = mutex_kind(mutex) & MUTEX_TYPE_MASK;

    return mutex_layout_known && is_mine(thread, probe_mutex(mutex).owner) &&
           (type == PTHREAD_MUTEX_NORMAL || type == PTHREAD_MUTEX_ADAPTIVE_NP);
}

/* How a mutex is waited for: which real function, and with which time. */
struct patience {
    bool timed, clocked;
    clockid_t clock;
    const struct timespec *until;
};

static int wait_really(pthread_mutex_t *mutex, const struct patience *patience)
{
    if (!patience->timed)
        return real.pthread_mutex_lock(mutex);
    if (patience->clocked)
        return real.pthread_mutex_clocklock(mutex, patience->clock, patience->until);
    return real.pthread_mutex_timedlock(mutex, patience->until);
}

__attribute__((noinline)) static int contended(struct thread *thread, pthread_mutex_t *mutex,
                                               const struct patience *patience, struct site site)
{
    int result;

    event_block_begin(
        thread, (struct wait){.kind = WAIT_MUTEX, .timed = patience->timed, .object = mutex}, site);
    if (!patience->timed && would_hang_itself(thread, mutex))
        self_deadlock(thread, mutex, site);
    event_block_suspect(thread);
    result = wait_really(mutex, patience);
    event_wake(thread);
    if (is_got(result))
        got(thread, mutex, patience->timed ? HOW_TIMED : HOW_BLOCKING, site);
    return result;
}

__attribute__((noinline)) static int lock_other(struct thread *thread, pthread_mutex_t *mutex,
                                                const struct patience *patience, struct site site)
{
    int result = real.pthread_mutex_trylock(mutex);

    if (is_got(result))
        got(thread, mutex, patience->timed ? HOW_TIMED : HOW_BLOCKING, site);
    else if (result == EBUSY)
        result = contended(thread, mutex, patience, site);
    return result;
}

__attribute__((noinline)) static int lock_slowly(pthread_mutex_t *mutex, struct site site)
{
    struct thread *thread = self();

    return thread ? lock_other(thread, mutex, &(struct patience){.timed = false}, site)
                  : real.pthread_mutex_lock(mutex);
}

__attribute__((always_inline)) static inline int lock(pthread_mutex_t *mutex, struct site site)
{
    struct thread *thread = thread_current;

    if (__builtin_expect(!thread || !is_plain(mutex) || !take_free(thread, mutex), 0))
        return lock_slowly(mutex, site);
    event_acquired(thread, mutex, LOCK_MUTEX, MODE_EXCLUSIVE, HOW_BLOCKING, site);
    return 0;
}

int mutex_lock(pthread_mutex_t *mutex, struct site site)
{
    return lock(mutex, site);
}

static int lock_patiently(pthread_mutex_t *mutex, const struct patience *patience, struct site site)
{
    struct thread *thread = self();

    return thread ? lock_other(thread, mutex, patience, site) : wait_really(mutex, patience);
}

int mutex_trylock(pthread_mutex_t *mutex, struct site site)
{
    struct thread *thread = self();
    int result = real.pthread_mutex_trylock(mutex);

    if (thread && is_got(result))
        got(thread, mutex, HOW_TRY, site);
    return result;
}

int mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until, struct site site)
{
    return lock_patiently(mutex, &(struct patience){.timed = true, .until = until}, site);
}

__attribute__((noinline)) static void unlocked_wrongly(struct thread *thread,
                                                       pthread_mutex_t *mutex, struct site site)
{
    struct probe_mutex state = probe_mutex(mutex);
    struct misuse_case what = {.rule = MISUSE_UNLOCK_NOT_LOCKED,
                               .object = mutex,
                               .kind = OBJECT_MUTEX,
                               .where = misuse_where(site),
                               .thread = thread->id};
    struct held_lock lock;
    struct thread *holder;

    if (state.locked && !state.owner)
        return; /* somebody is just taking it */
    holder = state.locked ? misuse_holder(mutex, &lock) : NULL;
    if (state.locked && !holder)
        return; /* taken where we could not see it */
    if (holder) {
        what.rule = MISUSE_UNLOCK_NOT_OWNER;
        what.other_thread = holder->id;
        what.other_where = (struct where){lock.stack, lock.pc};
    }
    misuse_report(&what);
}

__attribute__((noinline)) static int unlock_slowly(pthread_mutex_t *mutex, struct site site)
{
    struct thread *thread = self();

    if (thread && !event_released(thread, mutex) && !is_mine(thread, probe_mutex(mutex).owner))
        unlocked_wrongly(thread, mutex, site);
    return real.pthread_mutex_unlock(mutex);
}

__attribute__((always_inline)) static inline int unlock(pthread_mutex_t *mutex, struct site site)
{
    struct thread *thread = thread_current;

    if (__builtin_expect(!thread || !is_plain(mutex) || mutex_owner(mutex) != thread->tid ||
                             !event_released_newest(thread, mutex), 0))
        return unlock_slowly(mutex, site);
    give_back(mutex);
    return 0;
}

int mutex_unlock(pthread_mutex_t *mutex, struct site site)
{
    return unlock(mutex, site);
}

/* Init or destroy of a mutex that somebody holds. Uninitialised memory may look like anything, so
 * the thread that it names must have been seen to take it. */
static void ended(pthread_mutex_t *mutex, enum misuse rule, struct site site)
{
    struct thread *thread = self();
    struct thread *owner = probe_mutex(mutex).locked ? thread_by_tid(probe_mutex(mutex).owner) : 0;
    struct held_lock *lock = owner ? held_find(&owner->held, mutex) : NULL;

    if (!thread)
        return;
    /* In the child of a fork, to make anew what was locked for the fork is the custom. */
    if (lock && owner->state == THREAD_ALIVE && probe_mutex(mutex).owner == owner->tid) {
        struct misuse_case what = {.rule = rule,
                                   .object = mutex,
                                   .kind = OBJECT_MUTEX,
                                   .where = misuse_where(site),
                                   .thread = thread->id,
                                   .other_thread = owner->id,
                                   .other_where = {lock->stack, lock->pc}};

        misuse_report(&what);
    }
    event_object_gone(thread, mutex);
}

/* Free, and never nested: nothing is known of it. */
static bool is_unremarkable(const pthread_mutex_t *mutex)
{
    return mutex_layout_known && !mutex->__data.__lock && !object_maybe_at(mutex);
}

void mutex_begins(pthread_mutex_t *mutex, struct site site)
{
    if (!is_unremarkable(mutex))
        ended(mutex, MISUSE_REINIT_LOCKED, site);
}

void mutex_ends(pthread_mutex_t *mutex, struct site site)
{
    if (!is_unremarkable(mutex))
        ended(mutex, MISUSE_DESTROY_LOCKED, site);
}

/* --- the wrappers --- */

EXPORT int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    return lock(mutex, CALL_SITE());
}

EXPORT int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    return unlock(mutex, CALL_SITE());
}

EXPORT int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
    return mutex_trylock(mutex, CALL_SITE());
}

EXPORT int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until)
{
    return mutex_timedlock(mutex, until, CALL_SITE());
}

EXPORT int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock,
                                   const struct timespec *until)
{
    return lock_patiently(
        mutex,
        &(struct patience){.timed = true, .clocked = true, .clock = clock, .until = until},
        CALL_SITE());
}

EXPORT int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes)
{
    if (__builtin_expect(!real.pthread_mutex_init, 0))
        self(); /* starts the library, if this comes early */
    mutex_begins(mutex, CALL_SITE());
    return real.pthread_mutex_init(mutex, attributes);
}

EXPORT int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
    if (__builtin_expect(!real.pthread_mutex_destroy, 0))
        self();
    mutex_ends(mutex, CALL_SITE());
    return real.pthread_mutex_destroy(mutex);
}
