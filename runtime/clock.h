/* SPDX-License-Identifier: MIT */
/*
 * clock.h - doing something at a certain time, although nobody looks
 *
 * Layer:    runtime
 * Memory:   an alarm is its owner's, {0} is not set; it must stay where it is while it is set, and
 *           until ring() has returned
 * Locking:  the clock's lock is a leaf; it may be taken while a tree of contexts is locked
 * Errors:   no memory, no thread: fatal, as in Go
 */
#ifndef GRIDLOCK_RUNTIME_CLOCK_H
#define GRIDLOCK_RUNTIME_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct alarm {
    int64_t when;                 /* of CLOCK_MONOTONIC */
    void (*ring)(struct alarm *); /* called once by the clock's thread, without any lock */
    size_t place;                 /* the clock's: in its heap; 0: not set */
};

/* From now on until it rings, it is set. Requires: it is not set. */
void clock_set(struct alarm *alarm);
/* True: it will not ring. False: it was not set, so it has begun to ring if ever it was. */
bool clock_unset(struct alarm *alarm);
/* After a fork the child has no clock any more; starts it again if something is set. */
void clock_keep(void);

#endif
