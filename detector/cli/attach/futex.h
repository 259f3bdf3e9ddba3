/* SPDX-License-Identifier: MIT */
/*
 * futex.h - is a thread asleep on a futex, on which word, and would it go back to sleep?
 *
 * Layer:    detector/cli/attach
 * Memory:   none
 * Locking:  none
 * Errors:   false: it is not, or its registers make no sense
 */
#ifndef CLI_ATTACH_FUTEX_H
#define CLI_ATTACH_FUTEX_H

#include "detector/cli/attach/image.h"

enum futex_how {
    FUTEX_PLAIN,   /* FUTEX_WAIT: glibc's mutexes, barriers and once */
    FUTEX_BITSET,  /* FUTEX_WAIT_BITSET: what can have a time limit or be cancelled */
    FUTEX_INHERIT, /* FUTEX_LOCK_PI: the kernel lends the waiter's priority to the owner */
};

struct futex_wait {
    uint64_t address;
    enum futex_how how;
    uint32_t expected, word; /* it sleeps while the word is the expected one */
    bool timed;
    bool shared; /* other processes may wake it */
    bool over;   /* the word has changed: it is about to get up */
};

bool futex_of(const struct image *image, const struct image_thread *thread,
              struct futex_wait *wait);

#endif
