/* SPDX-License-Identifier: MIT */
/*
 * html_advice.h - what would prevent a finding, what it means, and how to suppress it
 *
 * Layer:    detector/cli/render/html
 * Memory:   texts belong to the finding
 * Locking:  none
 * Errors:   what is not known is left out
 */
#ifndef CLI_HTML_ADVICE_H
#define CLI_HTML_ADVICE_H

#include <stdio.h>

#include "detector/cli/finding/finding.h"

void html_advice(FILE *page, const struct finding *f);

/* Folded: the catalogue's entry, and the line for a suppression file. */
void html_background(FILE *page, struct finding *f);

#endif
