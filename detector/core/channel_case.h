/* SPDX-License-Identifier: MIT */
/*
 * channel_case.h - one thing that a goroutine waits for: a channel, and which side of it
 *
 * Layer:    detector/core
 * Memory:   plain values
 * Locking:  none
 * Errors:   none
 */
#ifndef GRIDLOCK_CORE_CHANNEL_CASE_H
#define GRIDLOCK_CORE_CHANNEL_CASE_H

#include <stdbool.h>

enum channel_side { SIDE_SEND, SIDE_RECEIVE, SIDES };

struct channel;

struct event_case {
    struct channel *channel; /* the detector's record; NULL: served from outside, but see `nil` */
    const void *address;     /* the channel's, for its name */
    enum channel_side side;
    bool nil; /* a nil channel, which nobody ever serves */
};

#endif
