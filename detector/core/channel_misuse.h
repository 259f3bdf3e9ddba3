/* SPDX-License-Identifier: MIT */
/*
 * channel_misuse.h - rules about channels, WaitGroups and contexts
 *
 * Layer:    detector/core
 * Memory:   none
 * Locking:  misuse_close() is called with the channel's lock held; it may write a finding
 * Errors:   none
 *
 * What panics in Go is reported as certain. The one rule of style among them, that the sending side
 * closes, is kept to the case where the closer never had anything else to do with the channel.
 */
#ifndef GRIDLOCK_CORE_CHANNEL_MISUSE_H
#define GRIDLOCK_CORE_CHANNEL_MISUSE_H

#include "detector/core/channel.h"

/* `thread` closes a channel. */
void misuse_close(struct channel *channel, struct thread *thread, struct site site);

/* At the end of the process, by `leaving`: contexts that nobody cancelled, unless who made them is
 * another thread that lives. Their waiters are marked as told. */
void misuse_contexts_left(const struct thread *leaving);

#endif
