/* SPDX-License-Identifier: MIT */
/*
 * snapshot.h - all threads' waits at one moment, as a wait-for graph
 *
 * Layer:    detector/core
 * Memory:   arrays from the arena, grown and kept between snapshots
 * Locking:  the watcher only
 * Errors:   no memory: snapshot_take() returns false
 *
 * Node i is the thread at index i of the thread table. Three more follow: `outside` can always
 * run (what cannot be seen may act), `never` never does, `anybody` is alive while any thread is.
 */
#ifndef GRIDLOCK_CORE_SNAPSHOT_H
#define GRIDLOCK_CORE_SNAPSHOT_H

#include "detector/core/thread.h"
#include "detector/core/wait_for.h"

/* What the snapshot knows of one thread besides its node. */
struct snapshot_thread {
    uint32_t sequence; /* thread->wait_sequence */
    struct wait wait;
    bool weak;   /* stuck only as far as was seen so far: likely, not certain */
    bool by_any; /* waits for whoever comes: condition, semaphore, barrier, channel, ... */
    bool copied; /* its mutex names an owner that never took it */
    bool exited_owner, lost_owner;   /* its owner is gone, or stayed behind in a fork */
    struct thread *owner;            /* of what it waits for, if it is one thread */
    uint32_t first_case, case_count; /* of a channel operation or select, in snapshot->cases */
};

struct snapshot {
    uint32_t count; /* threads; nodes are count + 3 */
    uint32_t outside, never, anybody;
    struct wait_node *nodes;
    struct snapshot_thread *threads;
    uint32_t *successors;
    uint32_t successor_count;
    struct event_case *cases;
    uint32_t case_total;
    unsigned node_capacity, thread_capacity, successor_capacity, case_capacity;
    bool external; /* signal handlers, timers, ... may wake conditions and semaphores */
    bool leaving;  /* the process ends: only partners that were seen could still come */
};

/* leaving: the thread that ends the process, which will do nothing more; or NULL. */
bool snapshot_take(struct snapshot *snapshot, bool external, const struct thread *leaving);

/* Does it wait at a channel? */
static inline bool snapshot_at_channel(const struct snapshot_thread *thread)
{
    return thread->wait.kind == WAIT_SEND || thread->wait.kind == WAIT_RECEIVE ||
           thread->wait.kind == WAIT_SELECT;
}

/* For the parts of the snapshot: `node` waits for `successor`. */
void snapshot_add(struct snapshot *snapshot, uint32_t node, uint32_t successor);
/* snapshot_channels.c */
void snapshot_wait_for_channels(struct snapshot *snapshot, uint32_t node);
void snapshot_wait_for_tasks(struct snapshot *snapshot, uint32_t node, const void *waitgroup);

#endif
