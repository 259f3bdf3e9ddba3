/* SPDX-License-Identifier: MIT */
/*
 * pthread_once(): who runs the function holds the control, like a lock; everybody else waits for
 * that thread. The function gets no argument, so the running call is found through the thread.
 */
#include "detector/interpose/once.h"

#include "detector/core/finding.h"
#include "detector/core/misuse.h"
#include "detector/interpose/self.h"

/* glibc's states of a control. */
enum { ONCE_IN_PROGRESS = 1, ONCE_DONE = 2 };

struct run {
    pthread_once_t *control;
    void (*function)(void);
};

static __thread struct run current __attribute__((tls_model("initial-exec")));

/* In the thread that won. */
static void run_current(void)
{
    struct run run = current;
    struct thread *thread = thread_current;

    if (!thread) {
        run.function();
        return;
    }
    event_wake(thread);
    if (thread->once_count < ONCE_DEPTH)
        thread->onces[thread->once_count] = run.control;
    thread->once_count++;
    run.function();
    if (thread->once_count)
        thread->once_count--;
}

/* The function may have left by an exception, which we do not catch: then its control is no longer
 * marked as being in progress. */
static void forget_left(struct thread *thread)
{
    while (thread->once_count && thread->once_count <= ONCE_DEPTH &&
           !(*(const int *)thread->onces[thread->once_count - 1] & ONCE_IN_PROGRESS))
        thread->once_count--;
}

static bool is_running(const struct thread *thread, const pthread_once_t *control)
{
    for (uint32_t i = 0; i < thread->once_count && i < ONCE_DEPTH; i++)
        if (thread->onces[i] == control)
            return true;
    return false;
}

int once(pthread_once_t *control, void (*function)(void), struct site site)
{
    struct thread *thread = self();
    bool waits;
    int result;

    if (!thread || *control & ONCE_DONE)
        return real.pthread_once(control, function);
    forget_left(thread);
    waits = *control || thread_alive_count() > 1;
    if (waits)
        event_block_begin(thread, (struct wait){.kind = WAIT_ONCE, .object = control}, site);
    if (is_running(thread, control))
        misuse_report(&(struct misuse_case){.rule = MISUSE_ONCE_REENTRY,
                                            .object = control,
                                            .kind = OBJECT_ONCE,
                                            .where = misuse_where(site),
                                            .thread = thread->id});
    if (waits)
        event_block_suspect(thread);
    current = (struct run){control, function};
    result = real.pthread_once(control, run_current);
    event_wake(thread);
    return result;
}

EXPORT int pthread_once(pthread_once_t *control, void (*function)(void))
{
    return once(control, function, CALL_SITE());
}
