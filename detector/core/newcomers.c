/* SPDX-License-Identifier: MIT */
/*
 * Could somebody who was never seen at a channel come to it for the first time?
 *
 * A goroutine that was started after the channel was made may have been given it, and send the first
 * job an hour from now. So a receiver may have any such thread for a partner, as long as that runs,
 * or sleeps for a while. Unless it has shown what it does: who comes back to the very same sleep
 * again and again, while the receiver waits, has a life of its own (a ticker, a progress bar).
 *
 * That a thread came back to its sleep the kernel tells: the place it sleeps at is the same, and it
 * has given up the processor several times since.
 */
#include "detector/core/newcomers.h"

#include "detector/core/arena.h"
#include "detector/core/channel.h"
#include "detector/core/probe.h"

enum { OFTEN = 4 };

struct habit {
    uint32_t id; /* of the thread it was seen with */
    struct probe_nap first;
};

static struct habit *habits; /* by thread index */
static unsigned capacity;

/* Has it come back to the same sleep often since it was first looked at? */
static bool has_own_life(const struct thread *thread)
{
    struct habit *habit;
    struct probe_nap now;

    if (!arena_grow((void **)&habits, &capacity, thread->index + 1, sizeof *habits) ||
        !probe_nap(thread->tid, &now))
        return false;
    habit = &habits[thread->index];
    if (habit->id != thread->id || habit->first.sp != now.sp || habit->first.pc != now.pc) {
        *habit = (struct habit){thread->id, now};
        return false;
    }
    return now.sleeps - habit->first.sleeps >= OFTEN;
}

/* The newest thread when the channel was made was `made_after`. */
static bool could_know(const struct snapshot *snapshot, uint32_t i, uint32_t made_after)
{
    const struct thread *thread = thread_at(i);

    return snapshot->nodes[i].state != NODE_EXITED && !snapshot->nodes[i].dead &&
           thread->id > made_after && !has_own_life(thread);
}

bool newcomers_may_serve(const struct snapshot *snapshot, uint32_t i)
{
    const struct snapshot_thread *receiver = &snapshot->threads[i];

    for (uint32_t k = 0; k < receiver->case_count; k++) {
        const struct event_case *what = &snapshot->cases[receiver->first_case + k];

        if (what->side != SIDE_RECEIVE || !what->channel)
            continue;
        for (uint32_t t = 0; t < snapshot->count; t++)
            if (t != i && could_know(snapshot, t, what->channel->made_after))
                return true;
    }
    return false;
}
