/* SPDX-License-Identifier: MIT */
/*
 * Threads: create, join, detach, cancel, names.
 *
 * The record is made by the creator, so that what the creator did is known to have happened
 * before; the new thread becomes the record before it runs the program's function. pthread_exit()
 * needs no wrapper: a thread's end is noticed by its thread-specific data (start.c).
 */
#include "detector/interpose/thread.h"

#include "detector/core/arena.h"
#include "detector/core/finding.h"
#include "detector/core/misuse.h"
#include "detector/interpose/cleanup.h"
#include "detector/interpose/self.h"
#include "detector/interpose/watcher.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

/* --- create --- */

static size_t stack_size_of(const pthread_attr_t *attributes)
{
    static size_t usual;
    size_t size = 0;

    if (attributes) {
        pthread_attr_getstacksize(attributes, &size);
        return size;
    }
    if (!usual) {
        pthread_attr_t fresh;

        pthread_attr_init(&fresh);
        pthread_attr_getstacksize(&fresh, &usual);
        pthread_attr_destroy(&fresh);
    }
    return usual;
}

struct start *start_prepare(const void *function, const pthread_attr_t *attributes,
                            struct site site)
{
    struct thread *creator = self();
    struct start *start = creator ? arena_alloc(sizeof *start) : NULL;
    int detached = PTHREAD_CREATE_JOINABLE;

    if (!start)
        return NULL;
    start->record = event_thread_new(creator, function, site);
    if (!start->record) {
        arena_free(start, sizeof *start);
        limit_reached("no memory to watch a new thread");
        return NULL;
    }
    if (attributes)
        pthread_attr_getdetachstate(attributes, &detached);
    start->record->detached = detached == PTHREAD_CREATE_DETACHED;
    start->stack_size = stack_size_of(attributes);
    return start;
}

void start_failed(struct start *start)
{
    event_thread_failed(start->record);
    arena_free(start, sizeof *start);
}

struct start start_become(struct start *start)
{
    struct start copy = *start;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);

    arena_free(start, sizeof *start);
    copy.record->stack_high = here + 4096;
    copy.record->stack_low = here > copy.stack_size ? here - copy.stack_size : 0;
    event_thread_start(copy.record, sys_gettid(), (uintptr_t)pthread_self());
    self_attach(copy.record);
    return copy;
}

static void *run(void *argument)
{
    struct start start = start_become(argument);
    void *result = start.function(start.argument);

    start.record->returned = true;
    return result;
}

EXPORT int pthread_create(pthread_t *handle, const pthread_attr_t *attributes,
                          void *(*function)(void *), void *argument)
{
    struct start *start = start_prepare((const void *)function, attributes, CALL_SITE());
    struct thread *record;
    uint32_t id;
    int result;

    if (!start)
        return real.pthread_create(handle, attributes, function, argument);
    start->function = function;
    start->argument = argument;
    record = start->record;
    id = record->id;
    result = real.pthread_create(handle, attributes, run, start);
    if (result)
        start_failed(start);
    else {
        thread_set_handle(record, id, (uintptr_t)*handle);
        watcher_thread_created();
    }
    return result;
}

/* --- join --- */

struct joining {
    struct thread *thread, *target;
};

static void stop_waiting(void *argument)
{
    struct joining *joining = argument;

    event_wake(joining->thread);
    if (joining->target)
        joining->target->joining = 0;
}

static int join_really(pthread_t handle, void **result, const struct timespec *until,
                       clockid_t clock)
{
    if (!until)
        return real.pthread_join(handle, result);
    if (clock < 0)
        return real.pthread_timedjoin_np(handle, result, until);
    return real.pthread_clockjoin_np(handle, result, clock, until);
}

static void report(struct thread *thread, enum misuse rule, uint32_t target, struct site site)
{
    misuse_report(&(struct misuse_case){.rule = rule,
                                        .where = misuse_where(site),
                                        .thread = thread->id,
                                        .other_thread = target});
}

static void check_join(struct thread *thread, struct thread *target, pthread_t handle,
                       struct site site)
{
    uint32_t before = target ? 0 : thread_joined_before((uintptr_t)handle);

    if (target == thread)
        report(thread, MISUSE_JOIN_SELF, thread->id, site);
    else if (target && target->detached)
        report(thread, MISUSE_JOIN_DETACHED, target->id, site);
    else if (target && target->joining)
        report(thread, MISUSE_DOUBLE_JOIN, target->id, site);
    else if (before)
        report(thread, MISUSE_DOUBLE_JOIN, before, site);
}

static int wait_for_end(struct thread *thread, struct thread *target, pthread_t handle,
                        void **result, const struct timespec *until, clockid_t clock,
                        struct site site)
{
    struct joining joining = {.thread = thread};
    struct _pthread_cleanup_buffer buffer;
    int error;

    _pthread_cleanup_push(&buffer, stop_waiting, &joining);
    if (target && target != thread && !target->joining) {
        joining.target = target;
        target->joining = thread->id;
    }
    if (target && target != thread && target->state != THREAD_EXITED)
        event_block(thread,
                    (struct wait){.kind = WAIT_JOIN, .timed = until != NULL, .target = target->id},
                    site);
    error = join_really(handle, result, until, clock);
    _pthread_cleanup_pop(&buffer, true);
    return error;
}

int thread_join(pthread_t handle, void **result, const struct timespec *until, clockid_t clock,
                struct site site)
{
    struct thread *thread = self(), *target;
    int error;

    if (!thread)
        return join_really(handle, result, until, clock);
    target = thread_by_handle((uintptr_t)handle);
    check_join(thread, target, handle, site);
    error = wait_for_end(thread, target, handle, result, until, clock, site);
    if (!error && target && target != thread)
        event_thread_joined(thread, target);
    return error;
}

EXPORT int pthread_join(pthread_t handle, void **result)
{
    return thread_join(handle, result, NULL, -1, CALL_SITE());
}

EXPORT int pthread_timedjoin_np(pthread_t handle, void **result, const struct timespec *until)
{
    return thread_join(handle, result, until, -1, CALL_SITE());
}

EXPORT int pthread_clockjoin_np(pthread_t handle, void **result, clockid_t clock,
                                const struct timespec *until)
{
    return thread_join(handle, result, until, clock, CALL_SITE());
}

EXPORT int pthread_tryjoin_np(pthread_t handle, void **result)
{
    struct thread *thread = self();
    struct thread *target = thread ? thread_by_handle((uintptr_t)handle) : NULL;
    int error = real.pthread_tryjoin_np(handle, result);

    if (!error && target && target != thread)
        event_thread_joined(thread, target);
    return error;
}

void thread_detached(pthread_t handle)
{
    struct thread *target = self() ? thread_by_handle((uintptr_t)handle) : NULL;

    if (target)
        event_thread_detached(target);
}

EXPORT int pthread_detach(pthread_t handle)
{
    thread_detached(handle);
    return real.pthread_detach(handle);
}

EXPORT int pthread_cancel(pthread_t handle)
{
    struct thread *thread = self();
    struct thread *target = thread ? thread_by_handle((uintptr_t)handle) : NULL;

    if (target)
        event_thread_cancelled(thread, target, CALL_SITE());
    return real.pthread_cancel(handle);
}

/* --- names --- */

static void set_name(struct thread *thread, const char *name)
{
    thread_table_lock();
    snprintf(thread->name, sizeof thread->name, "%s", name);
    thread_table_unlock();
}

EXPORT int pthread_setname_np(pthread_t handle, const char *name)
{
    struct thread *target = self() ? thread_by_handle((uintptr_t)handle) : NULL;
    int error = real.pthread_setname_np(handle, name);

    if (target && !error)
        set_name(target, name);
    return error;
}

EXPORT int prctl(int option, ...)
{
    struct thread *thread = self();
    unsigned long words[4];
    va_list arguments;

    va_start(arguments, option);
    for (int i = 0; i < 4; i++)
        words[i] = va_arg(arguments, unsigned long);
    va_end(arguments);
    if (option == PR_SET_NAME && thread)
        set_name(thread, (const char *)words[0]);
    return real.prctl(option, words[0], words[1], words[2], words[3]);
}

EXPORT void gridlock_name(const void *object, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void gridlock_name(const void *object, const char *format, ...)
{
    struct thread *thread = self();
    struct detector_guard guard;
    char name[OBJECT_NAME];
    va_list arguments;

    if (!thread)
        return;
    va_start(arguments, format);
    vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    guard = detector_enter(thread);
    object_name(object, name);
    detector_leave(guard);
}
