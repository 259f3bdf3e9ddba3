/* SPDX-License-Identifier: MIT */
/*
 * Spin locks. A spin lock is one int that names nobody: only held-lock sets tell who holds it.
 */
#include "detector/core/finding.h"
#include "detector/core/misuse.h"
#include "detector/core/probe.h"
#include "detector/interpose/self.h"

#include <errno.h>

static void *address(pthread_spinlock_t *spin)
{
    return (void *)spin;
}

static void report(struct thread *thread, pthread_spinlock_t *spin, enum misuse rule,
                   const struct thread *holder, const struct held_lock *lock, struct site site)
{
    struct misuse_case what = {.rule = rule,
                               .object = address(spin),
                               .kind = OBJECT_SPIN,
                               .where = misuse_where(site),
                               .thread = thread->id};

    if (holder) {
        what.other_thread = holder->id;
        what.other_where = (struct where){lock->stack, lock->pc};
    }
    misuse_report(&what);
}

EXPORT int pthread_spin_lock(pthread_spinlock_t *spin)
{
    struct site site = CALL_SITE();
    struct thread *thread = self();
    int result;

    if (!thread)
        return real.pthread_spin_lock(spin);
    result = real.pthread_spin_trylock(spin);
    if (result == EBUSY) {
        struct held_lock *lock = held_find(&thread->held, address(spin));

        event_block_begin(thread, (struct wait){.kind = WAIT_SPIN, .object = address(spin)}, site);
        if (lock)
            report(thread, spin, MISUSE_SELF_DEADLOCK, thread, lock, site);
        event_block_suspect(thread);
        result = real.pthread_spin_lock(spin);
        event_wake(thread);
    }
    if (result == 0)
        event_acquired(thread, address(spin), LOCK_SPIN, MODE_EXCLUSIVE, HOW_BLOCKING, site);
    return result;
}

EXPORT int pthread_spin_trylock(pthread_spinlock_t *spin)
{
    struct site site = CALL_SITE();
    struct thread *thread = self();
    int result = real.pthread_spin_trylock(spin);

    if (thread && result == 0)
        event_acquired(thread, address(spin), LOCK_SPIN, MODE_EXCLUSIVE, HOW_TRY, site);
    return result;
}

EXPORT int pthread_spin_unlock(pthread_spinlock_t *spin)
{
    struct site site = CALL_SITE();
    struct thread *thread = self(), *holder;
    struct held_lock lock;

    if (thread && !event_released(thread, address(spin))) {
        holder = misuse_holder(address(spin), &lock);
        if (holder)
            report(thread, spin, MISUSE_UNLOCK_NOT_OWNER, holder, &lock, site);
        else if (probe_spin_free(address(spin)))
            report(thread, spin, MISUSE_UNLOCK_NOT_LOCKED, NULL, NULL, site);
    }
    return real.pthread_spin_unlock(spin);
}

static void ended(pthread_spinlock_t *spin, enum misuse rule, struct site site)
{
    struct thread *thread = self(), *holder;
    struct held_lock lock;

    if (!thread)
        return;
    holder = misuse_holder(address(spin), &lock);
    if (holder && holder->state == THREAD_ALIVE)
        report(thread, spin, rule, holder, &lock, site);
    event_object_gone(thread, address(spin));
}

EXPORT int pthread_spin_init(pthread_spinlock_t *spin, int shared)
{
    ended(spin, MISUSE_REINIT_LOCKED, CALL_SITE());
    return real.pthread_spin_init(spin, shared);
}

EXPORT int pthread_spin_destroy(pthread_spinlock_t *spin)
{
    ended(spin, MISUSE_DESTROY_LOCKED, CALL_SITE());
    return real.pthread_spin_destroy(spin);
}
