/* SPDX-License-Identifier: MIT */
/*
 * sarif.h - the parts of a SARIF document, shared by its files
 *
 * Layer:    detector/cli/render/sarif
 * Memory:   the caller gets a new reference; NULL where there is nothing to say
 * Locking:  none
 * Errors:   none
 *
 * Names and numbers in comments (3.27.3) are sections of the standard: SARIF Version 2.1.0, OASIS
 * Standard, with Errata 01.
 */
#ifndef CLI_SARIF_H
#define CLI_SARIF_H

#include <jansson.h>

#include "detector/cli/finding/finding.h"

/* What relative paths are relative to: the working directory. */
#define SARIF_BASE "%SRCROOT%"

/* sarif_location.c: a message object (3.11). */
json_t *sarif_message(const char *text);

/* Where a frame is: file and stretch of the line, else module and offset, else the process. `id` tells
 * it from the result's other locations, which have the lines around too; -1: it is a step's or a
 * frame's. `message` may be NULL. */
json_t *sarif_location(struct finding *f, const struct stack *s, const struct frame *frame,
                       const char *message, int id);

/* sarif_stack.c: the frames of a stack; `message` may be NULL. NULL for an empty one. */
json_t *sarif_stack(struct finding *f, const struct stack *s, int thread, const char *message,
                    bool verbose);

/* An array of how the stuck threads came where they are. */
json_t *sarif_stacks(struct finding *f, bool verbose);

/* sarif_flow.c: the interleaving as an array of one code flow, a thread flow for each thread. */
json_t *sarif_flows(struct finding *f, bool verbose);

/* sarif_graph.c: the wait-for graph, as an array of one. */
json_t *sarif_graphs(struct finding *f);

/* sarif_result.c: one finding. `rule` is its index among the rules. */
json_t *sarif_result(struct finding *f, size_t rule, bool verbose);

/* sarif_rules.c: every kind of finding as a rule. */
json_t *sarif_rules(void);
/* The index of the finding's rule; a kind that the catalogue does not know is added. */
size_t sarif_rule_of(json_t *rules, const struct finding *f);

/* sarif_taxa.c: the weaknesses (CWE) that the rules refer to, as an array of one taxonomy. */
json_t *sarif_taxonomies(void);
/* The relationships of a rule with these references, for instance `CWE-833, CERT CON35-C`. */
json_t *sarif_relationships(const char *refs);
/* And its tags: what it is about, and the references as CodeQL's rules name them. */
json_t *sarif_tags(const char *refs);

#endif
