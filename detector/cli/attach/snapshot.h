/* SPDX-License-Identifier: MIT */
/*
 * snapshot.h - what every thread of a process does, as a finding
 *
 * Layer:    detector/cli/attach
 * Memory:   the finding is the caller's; finding_free() gives it back
 * Locking:  none
 * Errors:   NULL without memory
 */
#ifndef CLI_ATTACH_SNAPSHOT_H
#define CLI_ATTACH_SNAPSHOT_H

#include "detector/cli/attach/look.h"

struct finding *snapshot_finding(const struct look *look, const struct wait_node *nodes);

#endif
