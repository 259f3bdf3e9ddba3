/* SPDX-License-Identifier: MIT */
/*
 * scenario.h - the turns that hang the program, a column a thread
 *
 * Layer:    detector/cli/render/text
 * Memory:   texts belong to the finding
 * Locking:  none
 * Errors:   nothing is printed where the finding has no interleaving
 */
#ifndef CLI_SCENARIO_H
#define CLI_SCENARIO_H

#include "detector/cli/base/out.h"
#include "detector/cli/finding/finding.h"

void scenario_print(struct out *out, struct finding *f);

#endif
