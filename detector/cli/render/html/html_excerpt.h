/* SPDX-License-Identifier: MIT */
/*
 * html_excerpt.h - the source lines of a finding in the page, with what happened there
 *
 * Layer:    detector/cli/render/html
 * Memory:   texts belong to the finding
 * Locking:  none
 * Errors:   a place whose source is not there is told in words
 */
#ifndef CLI_HTML_EXCERPT_H
#define CLI_HTML_EXCERPT_H

#include <stdio.h>

#include "detector/cli/finding/finding.h"
#include "detector/cli/render/mark.h"

/* One line of source, with what the marks are about underlined. */
void html_marked(FILE *page, struct finding *f, const char *source, const struct mark *marks,
                 size_t count);

void html_excerpt(FILE *page, struct finding *f);

#endif
