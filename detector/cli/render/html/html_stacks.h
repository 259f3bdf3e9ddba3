/* SPDX-License-Identifier: MIT */
/*
 * html_stacks.h - every stack of a finding, folded
 *
 * Layer:    detector/cli/render/html
 * Memory:   texts belong to the finding
 * Locking:  none
 * Errors:   nothing is written where no stack has a visible frame
 */
#ifndef CLI_HTML_STACKS_H
#define CLI_HTML_STACKS_H

#include <stdio.h>

#include "detector/cli/finding/finding.h"

/* verbose: hidden frames too. */
void html_stacks(FILE *page, struct finding *f, bool verbose);

#endif
