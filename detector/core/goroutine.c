/* SPDX-License-Identifier: MIT */
/*
 * A goroutine is a thread that go() started: it has go()'s caller for a creator, and the function
 * that was given to go(). That it is blocked at the end of the program is a leak (leaks.c).
 */
#include "detector/core/runtime_event.h"

#include "detector/core/statistics.h"
#include "detector/core/stuck.h"

#include <stdio.h>

const struct stack *event_go(struct site site)
{
    struct thread *thread = thread_current;
    const struct stack *stack;

    if (!thread)
        return NULL;
    thread->remembered = true;
    stack = stack_here(&thread->sites, site);
    return stack ? stack : stack_capture(site);
}

void event_goroutine(const void *function, const char *name, const struct stack *created_at)
{
    struct thread *thread = thread_current;

    channel_any = true;
    if (!thread)
        return;
    thread_table_lock();
    thread->goroutine = true;
    thread->function = function;
    if (created_at)
        thread->created_at = created_at;
    if (name)
        snprintf(thread->name, sizeof thread->name, "%s", name);
    thread_table_unlock();
}

void event_own_thread(void)
{
    if (thread_current) /* it came through the wrapper of pthread_create() */
        event_thread_end(thread_current);
    thread_never = true;
    statistics_add_thread(-1);
    __atomic_add_fetch(&stuck_own_threads, 1, __ATOMIC_RELAXED);
}

void event_goroutine_expected(int by)
{
    __atomic_add_fetch(&stuck_expected, by, __ATOMIC_RELAXED);
}

volatile int *event_sleep_word(void)
{
    return thread_current ? &thread_current->sleep_word : NULL;
}
