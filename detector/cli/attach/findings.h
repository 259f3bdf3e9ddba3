/* SPDX-License-Identifier: MIT */
/*
 * findings.h - what two looks at a process, or one at a core, amount to
 *
 * Layer:    detector/cli/attach
 * Memory:   the list (free()) and each finding in it (finding_free()) are the caller's
 * Locking:  none
 * Errors:   NULL, and a count of 0, without memory
 */
#ifndef CLI_ATTACH_FINDINGS_H
#define CLI_ATTACH_FINDINGS_H

#include "detector/cli/attach/look.h"

/* The deadlocks, and last the snapshot of all threads. `second` is NULL for a core: it is one moment. */
struct finding **attach_findings(const struct look *first, const struct look *second,
                                 size_t *count);

#endif
