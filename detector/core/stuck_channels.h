/* SPDX-License-Identifier: MIT */
/*
 * stuck_channels.h - the words for who is stuck at a channel, a select or a WaitGroup
 *
 * Layer:    detector/core
 * Memory:   none
 * Locking:  between finding_begin() and finding_end()
 * Errors:   none
 */
#ifndef GRIDLOCK_CORE_STUCK_CHANNELS_H
#define GRIDLOCK_CORE_STUCK_CHANNELS_H

#include "detector/core/finding.h"
#include "detector/core/snapshot.h"

/* Is this one of the waits that this file tells? */
bool stuck_is_channels(const struct wait *wait);
/* The number of the object that thread i waits for; 0: none, or several. */
unsigned stuck_object(const struct snapshot *snapshot, uint32_t i);
/* The sentence for one such thread whom nobody can serve. `behind`: a thread that waits for a lock
 * which this one holds, or NULL; waiting: how many wait behind it. */
void stuck_tell_channel(const struct snapshot *snapshot, uint32_t i,
                        const struct snapshot_thread *behind, uint32_t behind_id, uint32_t waiting);
/* Where it waits, and where its partners were last. */
void stuck_tell_channel_places(const struct snapshot *snapshot, uint32_t i, bool primary);
/* Who else was there: the last at the other end of each of its channels. */
void stuck_tell_partners(const struct snapshot *snapshot, uint32_t i);
/* under_lock: others wait for a lock that it holds. */
const char *stuck_channel_help(const struct snapshot *snapshot, uint32_t i, bool under_lock);
const char *stuck_channel_lesson(const struct snapshot *snapshot, uint32_t i, bool under_lock);
/* Does it wait for a WaitGroup of which it is a task itself? */
bool stuck_waits_for_itself(const struct snapshot *snapshot, uint32_t i);
/* Does it wait on a nil channel alone? */
bool stuck_on_nil(const struct snapshot *snapshot, uint32_t i);

#endif
