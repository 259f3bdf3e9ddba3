/* SPDX-License-Identifier: MIT */
/*
 * misuse.h - rules about single calls: what the standard leaves undefined or what must hang
 *
 * Layer:    detector/core
 * Memory:   none
 * Locking:  call without the detector's lock
 * Errors:   none
 *
 * The sources of the rules are POSIX.1-2017 (the RATIONALE and ERRORS of each function), and the
 * lists of Helgrind, DRD and ThreadSanitizer.
 */
#ifndef GRIDLOCK_CORE_MISUSE_H
#define GRIDLOCK_CORE_MISUSE_H

#include "detector/core/finding.h"

enum misuse {
    MISUSE_UNLOCK_NOT_LOCKED,
    MISUSE_UNLOCK_NOT_OWNER,
    MISUSE_DESTROY_LOCKED,
    MISUSE_REINIT_LOCKED,
    MISUSE_FREE_LOCKED,
    MISUSE_EXIT_HOLDING_LOCK,
    MISUSE_CANCEL_HOLDING_LOCK,
    MISUSE_FORK_HOLDING_LOCK,
    MISUSE_LOCK_IN_SIGNAL_HANDLER,
    MISUSE_COND_WAIT_UNLOCKED,
    MISUSE_COND_TWO_MUTEXES,
    MISUSE_DESTROY_IN_USE,
    MISUSE_DOUBLE_JOIN,
    MISUSE_JOIN_DETACHED,
    MISUSE_THREAD_NOT_JOINED,
    MISUSE_RECURSIVE_READ_LOCK,
    MISUSE_WAIT_UNDER_LOCK,
    /* these hang: */
    MISUSE_SELF_DEADLOCK,
    MISUSE_RWLOCK_UPGRADE,
    MISUSE_ONCE_REENTRY,
    MISUSE_COPIED_LOCK,
    MISUSE_JOIN_SELF,
};

/* What a rule's sentences name. Zero what is not used. */
struct misuse_case {
    enum misuse rule;
    const void *object; /* {O} */
    enum object_kind kind;
    struct where where; /* {T}'s call */
    uint32_t thread;    /* {T} */
    const void *other_object; /* {P} */
    const void *third_object; /* {Q}, of the same kind */
    enum object_kind other_kind;
    uint32_t other_thread; /* {U} */
    struct where other_where;
    uint32_t more; /* {N}: threads of which the same is true; {W} is `was` or `were` */
    bool harmless; /* not a defect by itself: a note, for who asks for all */
};

/* The place of a call that is judged now. */
static inline struct where misuse_where(struct site site)
{
    return (struct where){stack_capture(site), site.pc};
}

/* Writes the finding down, once for each place. Those that hang end the process, if it is asked
 * for; else the caller goes on and hangs as the program would. */
void misuse_report(const struct misuse_case *what);

/* A lock in [low, low + size) is held: by the caller, by others. */
void misuse_own_memory_gone(struct thread *thread, uintptr_t low, size_t size, struct site site);
void misuse_memory_gone(struct thread *thread, uintptr_t low, size_t size, struct site site);
/* A condition, semaphore or barrier is about to be destroyed: does somebody wait on it? Then the
 * destruction itself may wait for them. */
bool misuse_object_ends(struct thread *thread, const void *address, enum object_kind kind,
                        struct site site);
/* A thread's end with locks held. */
void misuse_thread_end(struct thread *thread);
/* Outside a signal handler, a lock that a handler takes. */
void misuse_lock_in_handler(struct thread *thread, const struct held_lock *lock,
                            const struct object *object);
/* At the end of the process. */
void misuse_process_end(void);

/* The thread that holds `object` as far as held-lock sets tell, other than through `self`; looks
 * at all threads. Fills *lock with a copy of the entry. */
struct thread *misuse_holder(const void *object, struct held_lock *lock);

#endif
