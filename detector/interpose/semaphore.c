/* SPDX-License-Identifier: MIT */
/*
 * Semaphores, unnamed and named. A wait is first tried; who gets nothing tells the watcher. errno
 * is as the real function alone would leave it.
 */
#include "detector/core/finding.h"
#include "detector/core/misuse.h"
#include "detector/interpose/cleanup.h"
#include "detector/interpose/self.h"

#include <errno.h>

/* How long to wait. */
struct patience {
    bool timed, clocked;
    clockid_t clock;
    const struct timespec *until;
};

static int wait_really(sem_t *semaphore, const struct patience *patience)
{
    if (!patience->timed)
        return real.sem_wait(semaphore);
    if (patience->clocked)
        return real.sem_clockwait(semaphore, patience->clock, patience->until);
    return real.sem_timedwait(semaphore, patience->until);
}

static void stop_waiting(void *thread)
{
    event_wake(thread);
}

static int block(struct thread *thread, sem_t *semaphore, const struct patience *patience,
                 struct site site)
{
    struct _pthread_cleanup_buffer buffer;
    int result;

    _pthread_cleanup_push(&buffer, stop_waiting, thread);
    event_block(
        thread,
        (struct wait){.kind = WAIT_SEMAPHORE, .timed = patience->timed, .object = semaphore}, site);
    result = wait_really(semaphore, patience);
    _pthread_cleanup_pop(&buffer, true);
    return result;
}

static int wait(sem_t *semaphore, const struct patience *patience, struct site site)
{
    struct thread *thread = self();
    int saved = errno, result;

    if (!thread)
        return wait_really(semaphore, patience);
    result = real.sem_trywait(semaphore);
    if (result && errno == EAGAIN) {
        errno = saved;
        result = block(thread, semaphore, patience, site);
    }
    if (result == 0)
        event_semaphore_taken(thread, semaphore, patience->timed ? HOW_TIMED : HOW_BLOCKING, site);
    return result;
}

EXPORT int sem_wait(sem_t *semaphore)
{
    return wait(semaphore, &(struct patience){.timed = false}, CALL_SITE());
}

EXPORT int sem_timedwait(sem_t *semaphore, const struct timespec *until)
{
    return wait(semaphore, &(struct patience){.timed = true, .until = until}, CALL_SITE());
}

EXPORT int sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *until)
{
    return wait(semaphore, &(struct patience){true, true, clock, until}, CALL_SITE());
}

EXPORT int sem_trywait(sem_t *semaphore)
{
    struct site site = CALL_SITE();
    struct thread *thread = self();
    int result = real.sem_trywait(semaphore);

    if (thread && result == 0)
        event_semaphore_taken(thread, semaphore, HOW_TRY, site);
    return result;
}

EXPORT int sem_post(sem_t *semaphore)
{
    struct site site = CALL_SITE();
    struct thread *thread = self();

    if (thread)
        event_semaphore_post(thread, semaphore, site);
    return real.sem_post(semaphore);
}

EXPORT int sem_init(sem_t *semaphore, int shared, unsigned value)
{
    struct site site = CALL_SITE();
    struct thread *thread = self();
    int result = real.sem_init(semaphore, shared, value);

    if (thread && result == 0)
        event_semaphore_made(thread, semaphore, value, shared != 0, site);
    return result;
}

EXPORT int sem_destroy(sem_t *semaphore)
{
    struct site site = CALL_SITE();
    struct thread *thread = self();

    if (thread) {
        misuse_object_ends(thread, semaphore, OBJECT_SEMAPHORE, site);
        event_object_gone(thread, semaphore);
    }
    return real.sem_destroy(semaphore);
}

EXPORT int sem_close(sem_t *semaphore)
{
    struct thread *thread = self();

    if (thread)
        event_object_gone(thread, semaphore);
    return real.sem_close(semaphore);
}
