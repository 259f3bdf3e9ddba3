/* SPDX-License-Identifier: MIT */
/*
 * html_stuck.h - who holds what, and who waits for whom, as a table of the page
 *
 * Layer:    detector/cli/render/html
 * Memory:   texts belong to the finding
 * Locking:  none
 * Errors:   none
 */
#ifndef CLI_HTML_STUCK_H
#define CLI_HTML_STUCK_H

#include <stdio.h>

#include "detector/cli/finding/finding.h"

/* Requires: stuck_rows_wanted() */
void html_stuck(FILE *page, struct finding *f);

#endif
