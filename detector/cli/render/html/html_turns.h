/* SPDX-License-Identifier: MIT */
/*
 * html_turns.h - an interleaving as a table that the player of the page can step through
 *
 * Layer:    detector/cli/render/html
 * Memory:   texts belong to the finding
 * Locking:  none
 * Errors:   none
 */
#ifndef CLI_HTML_TURNS_H
#define CLI_HTML_TURNS_H

#include <stdio.h>

#include "detector/cli/finding/finding.h"

/* One step is no turn. */
bool html_has_turns(const struct finding *f);

void html_turns(FILE *page, struct finding *f, size_t number);

#endif
