/* SPDX-License-Identifier: MIT */
/*
 * Could somebody who was never seen at a channel come to it for the first time?
 *
 * Any thread that runs, or sleeps for a while, may know the channel (in C a global is known to all),
 * and send the first job an hour from now. So a receiver may have any of them for a partner. Unless
 * it has shown what it does: who comes back to the very same sleep again and again, during seconds in
 * which the receiver waits, has a life of its own: a ticker, a progress bar. That is why such a
 * finding is only likely.
 *
 * That a thread came back to its sleep the kernel tells: the place where it sleeps is the same, and
 * it has given up the processor many times since. Only a sleep for a time counts: who waits for a
 * file or a socket gets news from outside.
 */
#include "detector/core/newcomers.h"

#include "detector/core/arena.h"
#include "detector/core/channel.h"
#include "detector/core/probe.h"

enum { OFTEN = 10 };
#define LONG_ENOUGH INT64_C(3000000000) /* ns that the receiver must have waited */

struct habit {
    uint32_t id; /* of the thread it was seen with */
    struct probe_nap first;
};

static struct habit *habits; /* by thread index */
static unsigned capacity;

/* By its own word if it sleeps in the runtime, by the system call if not. */
static bool sleeps_for_time(const struct thread *thread, const struct probe_nap *nap)
{
    if (thread->wait_sequence % 2 == 0)
        return nap->call == SYS_nanosleep || nap->call == SYS_clock_nanosleep;
    return thread->wait.kind == WAIT_SLEEP ||
           (thread->wait.kind == WAIT_RECEIVE && thread->wait.timed && thread->cases[0].channel &&
            thread->cases[0].channel->timer);
}

/* Has it come back to the same sleep often since it was first looked at? */
static bool has_own_life(const struct thread *thread)
{
    struct habit *habit;
    struct probe_nap now;

    if (!arena_grow((void **)&habits, &capacity, thread->index + 1, sizeof *habits) ||
        !probe_nap(thread->tid, &now) || !sleeps_for_time(thread, &now))
        return false;
    habit = &habits[thread->index];
    if (habit->id != thread->id || habit->first.sp != now.sp || habit->first.pc != now.pc) {
        *habit = (struct habit){thread->id, now};
        return false;
    }
    return now.sleeps - habit->first.sleeps >= OFTEN;
}

static bool may_come(const struct snapshot *snapshot, uint32_t i)
{
    return snapshot->nodes[i].state != NODE_EXITED && !snapshot->nodes[i].dead &&
           !has_own_life(thread_at(i));
}

bool newcomers_may_serve(const struct snapshot *snapshot, uint32_t i, int64_t now)
{
    const struct snapshot_thread *waiter = &snapshot->threads[i];
    const struct event_case *cases = snapshot->cases + waiter->first_case;
    bool receives = false, anybody = false;

    for (uint32_t k = 0; k < waiter->case_count; k++)
        receives |= cases[k].side == SIDE_RECEIVE && cases[k].channel;
    for (uint32_t t = 0; t < snapshot->count && receives; t++)
        anybody |= t != i && snapshot->nodes[t].state != NODE_EXITED && !snapshot->nodes[t].dead;
    if (!anybody)
        return false;
    if (now - waiter->wait.since < LONG_ENOUGH)
        return true;
    for (uint32_t t = 0; t < snapshot->count; t++)
        if (t != i && may_come(snapshot, t))
            return true;
    return false;
}
