/* SPDX-License-Identifier: MIT */
/*
 * stuck.h - threads that can never run again, as a finding
 *
 * Layer:    detector/cli/attach
 * Memory:   the finding is the caller's; finding_free() gives it back
 * Locking:  none
 * Errors:   NULL without memory
 */
#ifndef CLI_ATTACH_STUCK_H
#define CLI_ATTACH_STUCK_H

#include "detector/cli/attach/look.h"

/* Group `group` of wait_reduce(); nodes[i] is thread i of the look. */
struct finding *stuck_finding(const struct look *look, const struct wait_node *nodes, size_t group);

#endif
