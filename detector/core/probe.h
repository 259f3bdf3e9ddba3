/* SPDX-License-Identifier: MIT */
/*
 * probe.h - what an object's own memory says of its state; detector/interpose knows the layouts
 *
 * Layer:    detector/core (the interface), implemented in detector/interpose
 * Memory:   reads the program's object
 * Locking:  none: the answer may be old by the time it is used
 * Errors:   known == false: this C library's layout is not understood
 */
#ifndef GRIDLOCK_CORE_PROBE_H
#define GRIDLOCK_CORE_PROBE_H

#include <stdbool.h>
#include <stdint.h>

struct probe_mutex {
    bool known;
    bool locked;
    bool shared; /* with other processes */
    int owner;   /* kernel's thread id; 0: none, or about to change */
};

struct probe_rwlock {
    bool known;
    bool shared;
    bool prefers_writers; /* a reader waits behind a writer that waits */
    int writer;           /* kernel's thread id of the writer inside; 0: none */
    uint32_t readers;     /* inside */
};

struct probe_semaphore {
    bool known;
    bool shared;
    unsigned value;
};

struct probe_mutex probe_mutex(const void *mutex);
struct probe_rwlock probe_rwlock(const void *rwlock);
struct probe_semaphore probe_semaphore(const void *semaphore);

/*
 * A word inside a mutex or rwlock that the C library leaves alone and every initialiser clears:
 * the record's mark. Where it is gone, a new lock lives at the old address, whoever made it, by
 * whatever means. NULL: there is no such word.
 */
uintptr_t *probe_mark(const void *lock, bool is_rwlock);

/* Is nobody inside the spin lock? */
bool probe_spin_free(const void *spin);

/* Can the word at this address be read? */
bool probe_readable(const void *address);

/* Is the thread asleep in the kernel? -1: cannot be told. */
int probe_asleep(int tid);
/* How many threads has the process, watched or not? 0: cannot be told. */
unsigned probe_thread_count(void);

/* Where a thread sleeps, in which system call, and how often it gave up the processor so far. */
struct probe_nap {
    uintptr_t sp, pc;
    long call;
    uint64_t sleeps;
};
/* False: it does not sleep now, or the kernel does not tell. */
bool probe_nap(int tid, struct probe_nap *nap);

#endif
