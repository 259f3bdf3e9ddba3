/* SPDX-License-Identifier: MIT */
/*
 * excerpt.h - the source lines of a finding, with what happened there
 *
 * Layer:    detector/cli/render/text
 * Memory:   texts belong to the finding
 * Locking:  none
 * Errors:   a place whose source is not there is told in words
 */
#ifndef CLI_EXCERPT_H
#define CLI_EXCERPT_H

#include "detector/cli/base/out.h"
#include "detector/cli/finding/finding.h"

/* `emphasis` is the style of the main place's carets. */
void excerpt_print(struct out *out, struct finding *f, enum style emphasis);

#endif
