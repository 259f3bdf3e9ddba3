/* SPDX-License-Identifier: MIT */
/*
 * doom.c - who can never run again?
 *
 * A finding is about a core of stuck threads. Others only wait for these: they are no cause, but they
 * are not idle either.
 * 1. The core is doomed.
 * 2. So is a thread that is blocked, without a time limit, and waits for doomed threads only. Whom a
 *    wait needs is not always known; then the thread is taken for idle.
 * Repeated until nothing changes.
 */
#include "detector/cli/finding/doom.h"

static bool waits_for_doomed(const struct finding *f, const struct wait *w)
{
    if (w->timed || w->for_count == 0)
        return false;
    for (size_t i = 0; i < w->for_count; i++) {
        const struct thread *other = finding_thread(f, w->for_threads[i]);

        if (other == NULL || !other->doomed)
            return false;
    }
    return true;
}

void find_doomed(struct finding *f)
{
    bool changed = true;

    for (size_t i = 0; i < f->thread_count; i++)
        f->threads[i].doomed = f->threads[i].part;
    while (changed) {
        changed = false;
        for (size_t i = 0; i < f->thread_count; i++) {
            struct thread *t = &f->threads[i];

            if (t->doomed || t->waits == NULL || !waits_for_doomed(f, t->waits))
                continue;
            t->doomed = changed = true;
        }
    }
}
