/* SPDX-License-Identifier: MIT */
/*
 * futex.c - is a thread asleep on a futex, on which word, and would it go back to sleep?
 *
 * 1. The system call is futex(2) with an operation that waits. A wait with a time limit that was
 *    interrupted (a debugger, SIGSTOP) is restart_syscall(2); its registers are still those of the
 *    call that it restarts.
 * 2. The kernel put the thread to sleep because the word was the expected one. If it is another by
 *    now, somebody is waking the thread: such a wait is over.
 */
#include "detector/cli/attach/futex.h"

#include <linux/futex.h>
#include <sys/syscall.h>

enum { COMMAND = ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME) };

#ifndef FUTEX_LOCK_PI2
#define FUTEX_LOCK_PI2 13
#endif

static bool how_of(int command, enum futex_how *how)
{
    switch (command) {
    case FUTEX_WAIT:
        *how = FUTEX_PLAIN;
        return true;
    case FUTEX_WAIT_BITSET:
    case FUTEX_WAIT_REQUEUE_PI:
        *how = FUTEX_BITSET;
        return true;
    case FUTEX_LOCK_PI:
    case FUTEX_LOCK_PI2:
        *how = FUTEX_INHERIT;
        return true;
    default:
        return false;
    }
}

static bool is_call(const struct image_thread *thread)
{
    return thread->call == SYS_futex || thread->call == SYS_restart_syscall;
}

bool futex_of(const struct image *image, const struct image_thread *thread, struct futex_wait *wait)
{
    int operation = (int)thread->arguments[1];

    *wait = (struct futex_wait){.address = thread->arguments[0],
                                .expected = (uint32_t)thread->arguments[2],
                                .timed = thread->arguments[3] != 0,
                                .shared = (operation & FUTEX_PRIVATE_FLAG) == 0};
    if (!is_call(thread) || !how_of(operation & COMMAND, &wait->how) || wait->address % 4 != 0 ||
        !image_read(image, wait->address, &wait->word, sizeof(wait->word)))
        return false;
    /* Only what has a time limit is restarted this way; else it is another call's registers. */
    if (thread->call == SYS_restart_syscall && !wait->timed)
        return false;
    wait->over = wait->how == FUTEX_INHERIT ? (wait->word & FUTEX_TID_MASK) == 0
                                            : wait->word != wait->expected;
    return true;
}
