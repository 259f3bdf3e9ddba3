/* SPDX-License-Identifier: MIT */
/*
 * Conditions.
 *
 * A wait gives the mutex back and takes it again: so it leaves the held-lock set before, and
 * enters it after, as an acquisition like any other. A cancelled wait too ends with the mutex taken
 * again, as POSIX has it.
 */
#include "detector/interpose/cond.h"

#include "detector/core/finding.h"
#include "detector/core/misuse.h"
#include "detector/core/probe.h"
#include "detector/interpose/cleanup.h"
#include "detector/interpose/layout.h"
#include "detector/interpose/self.h"

#include <errno.h>

struct waiting {
    struct thread *thread;
    pthread_cond_t *cond;
    pthread_mutex_t *mutex;
    struct site site;
    int result;
    bool was_held;
};

static void stop_waiting(void *argument)
{
    const struct waiting *waiting = argument;
    struct thread *thread = waiting->thread;

    event_wake(thread);
    event_cond_woken(thread, waiting->cond, waiting->result == 0);
    /* A recursive mutex that was locked twice is still held. */
    if (waiting->was_held && !event_reacquired(thread, waiting->mutex))
        event_acquired(thread, waiting->mutex, LOCK_MUTEX, MODE_EXCLUSIVE, HOW_BLOCKING,
                       waiting->site);
}

static int wait_really(pthread_cond_t *cond, pthread_mutex_t *mutex, const struct timespec *until,
                       clockid_t clock)
{
    if (!until)
        return real.pthread_cond_wait(cond, mutex);
    if (clock < 0)
        return real.pthread_cond_timedwait(cond, mutex, until);
    return real.pthread_cond_clockwait(cond, mutex, clock, until);
}

static void check_mutex(struct thread *thread, pthread_cond_t *cond, pthread_mutex_t *mutex,
                        struct site site)
{
    struct probe_mutex state = probe_mutex(mutex);

    if (!state.known ||
        (state.locked && (!state.owner || state.owner == thread->tid ||
                          state.owner == thread->forked_from)))
        return;
    misuse_report(&(struct misuse_case){.rule = MISUSE_COND_WAIT_UNLOCKED,
                                        .object = cond,
                                        .kind = OBJECT_COND,
                                        .where = misuse_where(site),
                                        .thread = thread->id,
                                        .other_object = mutex,
                                        .other_kind = OBJECT_MUTEX});
}

int cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, const struct timespec *until,
              clockid_t clock, struct site site)
{
    struct thread *thread = self();
    struct _pthread_cleanup_buffer buffer;
    struct waiting waiting = {
        .thread = thread, .cond = cond, .mutex = mutex, .site = site, .result = ECANCELED};

    if (!thread)
        return wait_really(cond, mutex, until, clock);
    waiting.was_held = event_released(thread, mutex);
    if (!waiting.was_held)
        check_mutex(thread, cond, mutex, site);
    event_cond_wait(thread, cond, mutex, cond->__data.__wrefs & 1, site);
    _pthread_cleanup_push(&buffer, stop_waiting, &waiting);
    event_block(thread,
                (struct wait){
                    .kind = WAIT_COND, .timed = until != NULL, .object = cond, .mutex = mutex},
                site);
    waiting.result = wait_really(cond, mutex, until, clock);
    _pthread_cleanup_pop(&buffer, true);
    return waiting.result;
}

int cond_wake(pthread_cond_t *cond, int all, struct site site)
{
    struct thread *thread = self();

    if (thread)
        event_cond_signal(thread, cond, all, site);
    return all ? real.pthread_cond_broadcast(cond) : real.pthread_cond_signal(cond);
}

void cond_begins(pthread_cond_t *cond)
{
    struct thread *thread = self();

    if (thread)
        event_object_gone(thread, cond);
}

/* glibc's destroy waits until no thread is inside a wait. */
int cond_destroy(pthread_cond_t *cond, struct site site)
{
    struct thread *thread = self();
    int result;

    if (!thread)
        return real.pthread_cond_destroy(cond);
    if (misuse_object_ends(thread, cond, OBJECT_COND, site))
        event_block(thread, (struct wait){.kind = WAIT_DESTROY, .object = cond}, site);
    result = real.pthread_cond_destroy(cond);
    event_wake(thread);
    event_object_gone(thread, cond);
    return result;
}

EXPORT int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
    return cond_wait(cond, mutex, NULL, -1, CALL_SITE());
}

EXPORT int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
                                  const struct timespec *until)
{
    return cond_wait(cond, mutex, until, -1, CALL_SITE());
}

EXPORT int pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock,
                                  const struct timespec *until)
{
    return cond_wait(cond, mutex, until, clock, CALL_SITE());
}

EXPORT int pthread_cond_signal(pthread_cond_t *cond)
{
    return cond_wake(cond, false, CALL_SITE());
}

EXPORT int pthread_cond_broadcast(pthread_cond_t *cond)
{
    return cond_wake(cond, true, CALL_SITE());
}

EXPORT int pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attributes)
{
    cond_begins(cond);
    return real.pthread_cond_init(cond, attributes);
}

EXPORT int pthread_cond_destroy(pthread_cond_t *cond)
{
    return cond_destroy(cond, CALL_SITE());
}
