/* SPDX-License-Identifier: MIT */
/*
 * What does detector/interpose answer when there is no interposer? It is not linked with the unit
 * tests, so its probes (detector/core/probe.h) are here: nothing is known, nobody sleeps.
 */
#include "tests/unit/unit.h"

#include "detector/core/probe.h"

bool fake_marks;

struct probe_mutex probe_mutex(const void *mutex)
{
    (void)mutex;
    return (struct probe_mutex){.known = false};
}

struct probe_rwlock probe_rwlock(const void *rwlock)
{
    (void)rwlock;
    return (struct probe_rwlock){.known = false};
}

struct probe_semaphore probe_semaphore(const void *semaphore)
{
    (void)semaphore;
    return (struct probe_semaphore){.known = false};
}

uintptr_t *probe_mark(const void *lock, bool is_rwlock)
{
    (void)is_rwlock;
    return fake_marks ? &((struct fake_lock *)lock)->mark : NULL;
}

bool probe_spin_free(const void *spin)
{
    (void)spin;
    return false;
}

bool probe_readable(const void *address)
{
    return address;
}

int probe_asleep(int tid)
{
    (void)tid;
    return -1;
}

unsigned probe_thread_count(void)
{
    return 0;
}

bool probe_nap(int tid, struct probe_nap *nap)
{
    (void)tid;
    (void)nap;
    return false;
}
