/* SPDX-License-Identifier: MIT */
/*
 * html_finding.h - one finding as an article of the page
 *
 * Layer:    detector/cli/render/html
 * Memory:   texts belong to the finding
 * Locking:  none
 * Errors:   what the finding does not tell has no section
 */
#ifndef CLI_HTML_FINDING_H
#define CLI_HTML_FINDING_H

#include <stdio.h>

#include "detector/cli/finding/finding.h"

/* A sign of its own shape for each severity; not read aloud, the word stands beside it. */
void html_severity_sign(FILE *page, const char *severity);

/* `number`: its place in the page, from 1. */
void html_finding(FILE *page, struct finding *f, size_t number, bool verbose);

/* Its line in the list of contents. */
void html_contents_line(FILE *page, struct finding *f, size_t number);

#endif
