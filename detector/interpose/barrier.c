/* SPDX-License-Identifier: MIT */
/* Barriers. The last to arrive does not wait; who waits waits for all that are still missing. */
#include "detector/core/finding.h"
#include "detector/core/misuse.h"
#include "detector/interpose/self.h"

EXPORT int pthread_barrier_wait(pthread_barrier_t *barrier)
{
    struct site site = CALL_SITE();
    struct thread *thread = self();
    uint32_t round;
    bool last;
    int result;

    if (!thread)
        return real.pthread_barrier_wait(barrier);
    round = event_barrier_arrive(thread, barrier, &last, site);
    if (!last)
        event_block(thread,
                    (struct wait){.kind = WAIT_BARRIER, .object = barrier, .target = round}, site);
    result = real.pthread_barrier_wait(barrier);
    event_wake(thread);
    event_barrier_left(thread, barrier);
    return result;
}

EXPORT int pthread_barrier_init(pthread_barrier_t *barrier, const pthread_barrierattr_t *attributes,
                                unsigned count)
{
    struct site site = CALL_SITE();
    struct thread *thread = self();
    int shared = PTHREAD_PROCESS_PRIVATE;
    int result = real.pthread_barrier_init(barrier, attributes, count);

    if (attributes)
        pthread_barrierattr_getpshared(attributes, &shared);
    if (thread && result == 0)
        event_barrier_made(thread, barrier, count, shared != PTHREAD_PROCESS_PRIVATE, site);
    return result;
}

EXPORT int pthread_barrier_destroy(pthread_barrier_t *barrier)
{
    struct site site = CALL_SITE();
    struct thread *thread = self();
    int result;

    if (!thread)
        return real.pthread_barrier_destroy(barrier);
    if (misuse_object_ends(thread, barrier, OBJECT_BARRIER, site)) /* it waits for them */
        event_block(thread, (struct wait){.kind = WAIT_DESTROY, .object = barrier}, site);
    result = real.pthread_barrier_destroy(barrier);
    event_wake(thread);
    event_object_gone(thread, barrier);
    return result;
}
