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

#endif
