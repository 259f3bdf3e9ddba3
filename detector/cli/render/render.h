/* SPDX-License-Identifier: MIT */
/*
 * render.h - a finding as text, or as a line of JSON
 *
 * Layer:    detector/cli/render
 * Memory:   texts belong to the finding
 * Locking:  none
 * Errors:   none; a stream that fails is noticed by its owner
 */
#ifndef CLI_RENDER_H
#define CLI_RENDER_H

#include "detector/cli/finding/finding.h"
#include "detector/cli/base/out.h"

/* Requires: the finding has names, lines and a fingerprint. */
void render_text(struct out *out, struct finding *f, bool verbose);
void render_json(FILE *stream, const struct finding *f);

#endif
