/* SPDX-License-Identifier: MIT */
/*
 * C11's <threads.h>. In glibc mtx_t, cnd_t, once_flag and thrd_t are pthread's objects under
 * other names, but its functions call pthread's from inside, past our wrappers: so each is a
 * wrapper of its own around the same operation.
 */
#include "detector/interpose/cond.h"
#include "detector/interpose/mutex.h"
#include "detector/interpose/once.h"
#include "detector/interpose/self.h"
#include "detector/interpose/thread.h"
#include "detector/interpose/watcher.h"

#include <errno.h>

static int from_errno(int error)
{
    switch (error) {
    case 0:
        return thrd_success;
    case EBUSY:
        return thrd_busy;
    case ETIMEDOUT:
        return thrd_timedout;
    case ENOMEM:
        return thrd_nomem;
    default:
        return thrd_error;
    }
}

/* --- mutexes --- */

EXPORT int mtx_lock(mtx_t *mutex)
{
    return from_errno(mutex_lock((pthread_mutex_t *)mutex, CALL_SITE()));
}

EXPORT int mtx_trylock(mtx_t *mutex)
{
    return from_errno(mutex_trylock((pthread_mutex_t *)mutex, CALL_SITE()));
}

EXPORT int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict until)
{
    return from_errno(mutex_timedlock((pthread_mutex_t *)mutex, until, CALL_SITE()));
}

EXPORT int mtx_unlock(mtx_t *mutex)
{
    return from_errno(mutex_unlock((pthread_mutex_t *)mutex, CALL_SITE()));
}

EXPORT int mtx_init(mtx_t *mutex, int type)
{
    mutex_begins((pthread_mutex_t *)mutex, CALL_SITE());
    return real.mtx_init(mutex, type);
}

EXPORT void mtx_destroy(mtx_t *mutex)
{
    mutex_ends((pthread_mutex_t *)mutex, CALL_SITE());
    real.pthread_mutex_destroy((pthread_mutex_t *)mutex);
}

/* --- conditions --- */

EXPORT int cnd_init(cnd_t *cond)
{
    cond_begins((pthread_cond_t *)cond);
    return from_errno(real.pthread_cond_init((pthread_cond_t *)cond, NULL));
}

EXPORT void cnd_destroy(cnd_t *cond)
{
    cond_destroy((pthread_cond_t *)cond, CALL_SITE());
}

EXPORT int cnd_wait(cnd_t *cond, mtx_t *mutex)
{
    return from_errno(cond_wait((pthread_cond_t *)cond, (pthread_mutex_t *)mutex, NULL, -1,
                                CALL_SITE()));
}

EXPORT int cnd_timedwait(cnd_t *restrict cond, mtx_t *restrict mutex,
                         const struct timespec *restrict until)
{
    return from_errno(cond_wait((pthread_cond_t *)cond, (pthread_mutex_t *)mutex, until, -1,
                                CALL_SITE()));
}

EXPORT int cnd_signal(cnd_t *cond)
{
    return from_errno(cond_wake((pthread_cond_t *)cond, false, CALL_SITE()));
}

EXPORT int cnd_broadcast(cnd_t *cond)
{
    return from_errno(cond_wake((pthread_cond_t *)cond, true, CALL_SITE()));
}

/* --- once --- */

EXPORT void call_once(once_flag *flag, void (*function)(void))
{
    once((pthread_once_t *)flag, function, CALL_SITE());
}

/* --- threads --- */

static int run(void *argument)
{
    struct start start = start_become(argument);
    int result = start.function_c11(start.argument);

    start.record->returned = true;
    return result;
}

EXPORT int thrd_create(thrd_t *handle, thrd_start_t function, void *argument)
{
    struct start *start = start_prepare((const void *)function, NULL, CALL_SITE());
    struct thread *record;
    uint32_t id;
    int result;

    if (!start)
        return real.thrd_create(handle, function, argument);
    start->function_c11 = function;
    start->argument = argument;
    record = start->record;
    id = record->id;
    result = real.thrd_create(handle, run, start);
    if (result != thrd_success)
        start_failed(start);
    else {
        thread_set_handle(record, id, (uintptr_t)*handle);
        watcher_thread_created();
    }
    return result;
}

EXPORT int thrd_join(thrd_t handle, int *result)
{
    void *value = NULL;
    int error = thread_join((pthread_t)handle, &value, NULL, -1, CALL_SITE());

    if (result)
        *result = (int)(intptr_t)value;
    return from_errno(error);
}

EXPORT int thrd_detach(thrd_t handle)
{
    thread_detached((pthread_t)handle);
    return from_errno(real.pthread_detach((pthread_t)handle));
}
