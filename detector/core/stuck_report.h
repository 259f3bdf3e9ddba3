/* SPDX-License-Identifier: MIT */
/*
 * stuck_report.h - from a set of stuck threads to a finding
 *
 * Layer:    detector/core
 * Memory:   none of its own
 * Locking:  the watcher only, without the detector's lock
 * Errors:   none
 */
#ifndef GRIDLOCK_CORE_STUCK_REPORT_H
#define GRIDLOCK_CORE_STUCK_REPORT_H

#include "detector/core/finding.h"
#include "detector/core/snapshot.h"

/* One group of stuck threads that hang together. */
struct stuck_group {
    const struct snapshot *snapshot;
    const uint32_t *group; /* by thread index: which group a dead thread belongs to */
    const bool *core;      /* by thread index: it is the reason, not only behind it */
    uint32_t id;           /* of this group */
    enum confidence confidence;
    bool at_rest; /* nobody in the whole process can do anything */
    int64_t now;
};

void stuck_report(const struct stuck_group *group);

/* --- stuck_sentence.c --- */

bool stuck_in_core(const struct stuck_group *group, uint32_t i);
uint32_t stuck_core_size(const struct stuck_group *group);
/* Of a large core the first few are told in detail; the sentence says how many there are. */
bool stuck_is_told(const struct stuck_group *group, uint32_t i);
/* The member of the core that the report is about. */
uint32_t stuck_first_of_core(const struct stuck_group *group);
/* Another of the group that waits for a lock which thread i holds; `count`: there is none. */
uint32_t stuck_behind(const struct stuck_group *group, uint32_t i);
/* Is there one? */
bool stuck_under_lock(const struct stuck_group *group, uint32_t i);
void stuck_sentence(const struct stuck_group *group, uint32_t size);

/* --- stuck_advice.c --- */

struct stuck_advice {
    const char *lesson, *help; /* or NULL */
};

struct stuck_advice stuck_advice(const struct stuck_group *group, uint32_t size);
/* A signal came while this waiter waited, and woke another. */
bool stuck_too_few_woken(const struct object *cond, const struct wait *wait);

#endif
