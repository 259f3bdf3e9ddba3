/* SPDX-License-Identifier: MIT */
/*
 * html_graph.h - the graph of a finding as a picture in the page
 *
 * Layer:    detector/cli/render/html
 * Memory:   texts belong to the finding
 * Locking:  none
 * Errors:   nothing is written where nobody waits for anything
 */
#ifndef CLI_HTML_GRAPH_H
#define CLI_HTML_GRAPH_H

#include <stdio.h>

#include "detector/cli/finding/finding.h"

bool html_has_graph(struct finding *f);

/* `number` tells the pictures of one page apart. */
void html_graph(FILE *page, struct finding *f, size_t number);

/* Between whom a link runs, as the picture and the player both call it: `w-t2-o5`. */
const char *html_link_id(struct finding *f, char kind, char from, int from_id, char to, int to_id);

#endif
