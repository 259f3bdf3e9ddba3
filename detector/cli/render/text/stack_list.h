/* SPDX-License-Identifier: MIT */
/*
 * stack_list.h - how the threads of a finding came where they are
 *
 * Layer:    detector/cli/render/text
 * Memory:   texts belong to the finding
 * Locking:  none
 * Errors:   nothing is printed where no stack tells more than its first line
 */
#ifndef CLI_STACK_LIST_H
#define CLI_STACK_LIST_H

#include "detector/cli/base/out.h"
#include "detector/cli/finding/finding.h"

/* verbose: hidden frames too, one a line, with module and offset. */
void stack_list_print(struct out *out, struct finding *f, bool verbose);

#endif
