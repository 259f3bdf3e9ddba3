/* SPDX-License-Identifier: MIT */
/*
 * park.h - the one place where the runtime sleeps and wakes
 *
 * Layer:    runtime
 * Memory:   a parker belongs to its goroutine and lives as long as that
 * Locking:  park() by its owner, without any lock; unpark() by anybody, without any lock if
 *           possible, so that who is woken finds it free
 * Errors:   none
 *
 * A parker holds one token. unpark() puts it there; park() takes it, and sleeps while there is
 * none. So it does not matter which comes first, and no wakeup is lost. No algorithm knows what a
 * goroutine is made of: another scheduler replaces park.c alone.
 */
#ifndef GRIDLOCK_RUNTIME_PARK_H
#define GRIDLOCK_RUNTIME_PARK_H

#include <stdbool.h>
#include <stdint.h>

#define PARK_FOREVER INT64_MAX

/* What has paid off lately, and what not: see park_awake.c. */
struct habit {
    uint8_t losses, refused;
};

struct parker {
    volatile int token; /* of the goroutines that nobody watches */
    volatile int *word; /* where the token really is */
    struct habit looking, yielding;
    uint16_t sleeps; /* since it paid off to look */
    uint8_t long_looks;
};

/* The calling goroutine's. */
struct parker *park_self(void);

/* Is the token there? Takes it, without sleeping. */
bool park_try(struct parker *self);
/* Waits for the token and takes it, but only a moment, awake, and only where that has paid off
 * lately. False: sleep now. */
bool park_awake(struct parker *self);
/* Sleeps until the token is there, and takes it; or until CLOCK_MONOTONIC is `until`: false. */
bool park(struct parker *self, int64_t until);
void unpark(struct parker *parker);

/* CLOCK_MONOTONIC now, and `duration` later; saturates instead of overflowing. */
int64_t park_now(void);
int64_t park_after(int64_t duration);

#endif
