/* SPDX-License-Identifier: MIT */
/*
 * stuck_table.h - who holds what, and who waits for whom
 *
 * Layer:    detector/cli/render/text
 * Memory:   texts belong to the finding
 * Locking:  none
 * Errors:   nothing is printed where no thread is stuck
 */
#ifndef CLI_STUCK_TABLE_H
#define CLI_STUCK_TABLE_H

#include "detector/cli/base/out.h"
#include "detector/cli/finding/finding.h"

void stuck_table_print(struct out *out, struct finding *f);

#endif
