/* SPDX-License-Identifier: MIT */
/*
 * Read-write locks.
 *
 * Every lock is first tried with the real try function; only who has to wait tells the watcher.
 * A reader that reads again is one entry with a depth. It is harmless by default, because glibc
 * lets readers pass a waiting writer; with the writer-preferring kind it can hang.
 */
#include "detector/core/finding.h"
#include "detector/core/misuse.h"
#include "detector/core/probe.h"
#include "detector/interpose/layout.h"
#include "detector/interpose/self.h"

#include <errno.h>

/* How the lock is asked for. */
struct request {
    enum lock_mode mode;
    bool timed, clocked;
    clockid_t clock;
    const struct timespec *until;
};

static int try_really(pthread_rwlock_t *rwlock, const struct request *request)
{
    return request->mode == MODE_SHARED ? real.pthread_rwlock_tryrdlock(rwlock)
                                        : real.pthread_rwlock_trywrlock(rwlock);
}

static int lock_really(pthread_rwlock_t *rwlock, const struct request *request)
{
    bool shared = request->mode == MODE_SHARED;

    if (!request->timed)
        return shared ? real.pthread_rwlock_rdlock(rwlock) : real.pthread_rwlock_wrlock(rwlock);
    if (request->clocked)
        return shared ? real.pthread_rwlock_clockrdlock(rwlock, request->clock, request->until)
                      : real.pthread_rwlock_clockwrlock(rwlock, request->clock, request->until);
    return shared ? real.pthread_rwlock_timedrdlock(rwlock, request->until)
                  : real.pthread_rwlock_timedwrlock(rwlock, request->until);
}

static void report(struct thread *thread, pthread_rwlock_t *rwlock, enum misuse rule,
                   const struct held_lock *lock, struct site site)
{
    struct misuse_case what = {.rule = rule,
                               .object = rwlock,
                               .kind = OBJECT_RWLOCK,
                               .where = misuse_where(site),
                               .thread = thread->id,
                               .other_thread = thread->id,
                               .other_where = {lock->stack, lock->pc}};

    misuse_report(&what);
}

static void got(struct thread *thread, pthread_rwlock_t *rwlock, enum lock_mode mode,
                enum lock_how how, struct site site)
{
    struct held_lock *held = mode == MODE_SHARED ? held_find(&thread->held, rwlock) : NULL;

    if (held) {
        if (how == HOW_BLOCKING && probe_rwlock(rwlock).prefers_writers)
            event_read_again(thread, held, site);
        held->depth++;
        return;
    }
    if (mode == MODE_EXCLUSIVE && probe_rwlock(rwlock).prefers_writers)
        event_write_seen(thread, rwlock, site);
    event_acquired(thread, rwlock, LOCK_RWLOCK, mode, how, site);
}

static int lock(pthread_rwlock_t *rwlock, const struct request *request, struct site site)
{
    struct thread *thread = self();
    int result;

    if (!thread)
        return lock_really(rwlock, request);
    result = try_really(rwlock, request);
    if (result == EBUSY) {
        struct held_lock *held = held_find(&thread->held, rwlock);

        event_block_begin(thread,
                          (struct wait){.kind = request->mode == MODE_SHARED ? WAIT_READ_LOCK
                                                                             : WAIT_WRITE_LOCK,
                                        .timed = request->timed,
                                        .object = rwlock},
                          site);
        if (held && held->mode == MODE_SHARED && request->mode == MODE_EXCLUSIVE &&
            !request->timed)
            report(thread, rwlock, MISUSE_RWLOCK_UPGRADE, held, site);
        event_block_suspect(thread);
        result = lock_really(rwlock, request);
        event_wake(thread);
    }
    if (result == 0)
        got(thread, rwlock, request->mode, request->timed ? HOW_TIMED : HOW_BLOCKING, site);
    return result;
}

static int try(pthread_rwlock_t *rwlock, enum lock_mode mode, struct site site)
{
    struct thread *thread = self();
    int result = try_really(rwlock, &(struct request){.mode = mode});

    if (thread && result == 0)
        got(thread, rwlock, mode, HOW_TRY, site);
    return result;
}

static void unlocked_wrongly(struct thread *thread, pthread_rwlock_t *rwlock, struct site site)
{
    struct probe_rwlock state = probe_rwlock(rwlock);
    struct misuse_case what = {.rule = MISUSE_UNLOCK_NOT_LOCKED,
                               .object = rwlock,
                               .kind = OBJECT_RWLOCK,
                               .where = misuse_where(site),
                               .thread = thread->id};
    struct held_lock lock;
    struct thread *holder;

    if (!state.known || state.shared)
        return;
    if (state.writer || state.readers) {
        holder = misuse_holder(rwlock, &lock);
        if (!holder)
            return;
        what.rule = MISUSE_UNLOCK_NOT_OWNER;
        what.other_thread = holder->id;
        what.other_where = (struct where){lock.stack, lock.pc};
    }
    misuse_report(&what);
}

static void ended(pthread_rwlock_t *rwlock, enum misuse rule, struct site site)
{
    struct thread *thread = self();
    struct probe_rwlock state = probe_rwlock(rwlock);
    struct held_lock lock;
    struct thread *holder = NULL;

    if (!thread)
        return;
    if (state.known && (state.writer || state.readers))
        holder = misuse_holder(rwlock, &lock);
    if (holder && holder->state == THREAD_ALIVE) {
        struct misuse_case what = {.rule = rule,
                                   .object = rwlock,
                                   .kind = OBJECT_RWLOCK,
                                   .where = misuse_where(site),
                                   .thread = thread->id,
                                   .other_thread = holder->id,
                                   .other_where = {lock.stack, lock.pc}};

        misuse_report(&what);
    }
    event_object_gone(thread, rwlock);
}

/* Nobody writes or wants to, and it is not for other processes: one more reader, as glibc does it. */
static bool enter_quietly(pthread_rwlock_t *rwlock)
{
    unsigned readers = __atomic_load_n(&rwlock->__data.__readers, __ATOMIC_RELAXED);

    return rwlock_layout_known && !(readers & RWLOCK_FLAGS) && rwlock->__data.__flags == 0 &&
           readers < 1u << 24 &&
           __atomic_compare_exchange_n(&rwlock->__data.__readers, &readers, readers + RWLOCK_READER,
                                       0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/* A reader leaves whom nobody waits for. */
static bool leave_quietly(pthread_rwlock_t *rwlock)
{
    unsigned readers = __atomic_load_n(&rwlock->__data.__readers, __ATOMIC_RELAXED);

    return rwlock_layout_known && readers >= RWLOCK_READER && !(readers & RWLOCK_FLAGS) &&
           __atomic_compare_exchange_n(&rwlock->__data.__readers, &readers, readers - RWLOCK_READER,
                                       0, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

EXPORT int pthread_rwlock_rdlock(pthread_rwlock_t *rwlock)
{
    struct site site = CALL_SITE();
    struct thread *thread = thread_current;

    if (__builtin_expect(thread && !(thread->held.count && held_find(&thread->held, rwlock)), 1) &&
        __builtin_expect(enter_quietly(rwlock), 1)) {
        event_acquired(thread, rwlock, LOCK_RWLOCK, MODE_SHARED, HOW_BLOCKING, site);
        return 0;
    }
    return lock(rwlock, &(struct request){.mode = MODE_SHARED}, site);
}

EXPORT int pthread_rwlock_wrlock(pthread_rwlock_t *rwlock)
{
    return lock(rwlock, &(struct request){.mode = MODE_EXCLUSIVE}, CALL_SITE());
}

EXPORT int pthread_rwlock_timedrdlock(pthread_rwlock_t *rwlock, const struct timespec *until)
{
    return lock(rwlock, &(struct request){.mode = MODE_SHARED, .timed = true, .until = until},
                CALL_SITE());
}

EXPORT int pthread_rwlock_timedwrlock(pthread_rwlock_t *rwlock, const struct timespec *until)
{
    return lock(rwlock, &(struct request){.mode = MODE_EXCLUSIVE, .timed = true, .until = until},
                CALL_SITE());
}

EXPORT int pthread_rwlock_clockrdlock(pthread_rwlock_t *rwlock, clockid_t clock,
                                      const struct timespec *until)
{
    return lock(rwlock,
                &(struct request){MODE_SHARED, .timed = true, true, .clock = clock, .until = until},
                CALL_SITE());
}

EXPORT int pthread_rwlock_clockwrlock(pthread_rwlock_t *rwlock, clockid_t clock,
                                      const struct timespec *until)
{
    return lock(
        rwlock,
        &(struct request){MODE_EXCLUSIVE, .timed = true, true, .clock = clock, .until = until},
        CALL_SITE());
}

EXPORT int pthread_rwlock_tryrdlock(pthread_rwlock_t *rwlock)
{
    return try(rwlock, MODE_SHARED, CALL_SITE());
}

EXPORT int pthread_rwlock_trywrlock(pthread_rwlock_t *rwlock)
{
    return try(rwlock, MODE_EXCLUSIVE, CALL_SITE());
}

EXPORT int pthread_rwlock_unlock(pthread_rwlock_t *rwlock)
{
    struct site site = CALL_SITE();
    struct thread *thread = self();

    if (thread && !event_released(thread, rwlock))
        unlocked_wrongly(thread, rwlock, site);
    return leave_quietly(rwlock) ? 0 : real.pthread_rwlock_unlock(rwlock);
}

EXPORT int pthread_rwlock_init(pthread_rwlock_t *rwlock, const pthread_rwlockattr_t *attributes)
{
    ended(rwlock, MISUSE_REINIT_LOCKED, CALL_SITE());
    return real.pthread_rwlock_init(rwlock, attributes);
}

EXPORT int pthread_rwlock_destroy(pthread_rwlock_t *rwlock)
{
    ended(rwlock, MISUSE_DESTROY_LOCKED, CALL_SITE());
    return real.pthread_rwlock_destroy(rwlock);
}
