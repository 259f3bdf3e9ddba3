/* SPDX-License-Identifier: MIT */
/*
 * pthread_once(): who runs the function holds the control, like a lock; everybody else waits for
 * that thread. The function gets no argument, so the running call is found through the thread.
 */
#include "detector/interpose/once.h"

#include "detector/core/finding.h"
#include "detector/core/misuse.h"
#include "detector/interpose/self.h"

struct run {
    pthread_once_t *control;
    void (*function)(void);
};

static __thread struct run current __attribute__((tls_model("initial-exec")));

static void finish(struct thread **thread)
{
    if (*thread)
        (*thread)->once_count--;
}

/* In the thread that won. It may end by an exception or by cancellation: hence the cleanup. */
static void run_current(void)
{
    struct run run = current;
    __attribute__((cleanup(finish))) struct thread *thread = thread_current;

    if (thread) {
        event_wake(thread);
        if (thread->once_count < ONCE_DEPTH)
            thread->onces[thread->once_count] = run.control;
        thread->once_count++;
    }
    run.function();
}

static bool is_running(const struct thread *thread, const pthread_once_t *control)
{
    for (uint32_t i = 0; i < thread->once_count && i < ONCE_DEPTH; i++)
        if (thread->onces[i] == control)
            return true;
    return false;
}

static void stop_waiting(struct thread **thread)
{
    event_wake(*thread);
}

int once(pthread_once_t *control, void (*function)(void), struct site site)
{
    struct thread *thread = self();

    if (!thread || *control == 2 /* glibc: done */)
        return real.pthread_once(control, function);
    if (is_running(thread, control))
        misuse_report(&(struct misuse_case){.rule = MISUSE_ONCE_REENTRY,
                                            .object = control,
                                            .kind = OBJECT_ONCE,
                                            .where = {stack_capture(site), site.pc},
                                            .thread = thread->id});
    {
        __attribute__((cleanup(stop_waiting))) struct thread *waiting = thread;

        if (*control || thread_alive_count() > 1)
            event_block(waiting, (struct wait){.kind = WAIT_ONCE, .object = control}, site);
        current = (struct run){control, function};
        return real.pthread_once(control, run_current);
    }
}

EXPORT int pthread_once(pthread_once_t *control, void (*function)(void))
{
    return once(control, function, CALL_SITE());
}
