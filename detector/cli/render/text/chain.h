/* SPDX-License-Identifier: MIT */
/*
 * chain.h - who waits for whom, in one line: `stage1 -> mid -> stage2 -> out -> nobody`
 *
 * Layer:    detector/cli/render/text
 * Memory:   texts belong to the finding
 * Locking:  none
 * Errors:   none; prints nothing where no line would tell it
 */
#ifndef CLI_CHAIN_H
#define CLI_CHAIN_H

#include "detector/cli/base/out.h"
#include "detector/cli/finding/finding.h"

enum { CHAIN_LINES = 4 };

/* How many lines there are. */
size_t chain_lines(struct finding *f, const char *lines[CHAIN_LINES]);

void chain_print(struct out *out, struct finding *f);

#endif
