/* SPDX-License-Identifier: MIT */
/*
 * json_parts.h - what every format made of JSON is put together from
 *
 * Layer:    detector/cli/render
 * Memory:   the caller gets a new reference
 * Locking:  none
 * Errors:   without memory a value is missing; the printer writes nothing of a value that is NULL
 */
#ifndef CLI_JSON_PARTS_H
#define CLI_JSON_PARTS_H

#include <jansson.h>
#include <stdio.h>

#include "detector/cli/finding/finding.h"

/* A string, or null for NULL. What is no UTF-8 (a file's name, a line of source may be anything) has
 * U+FFFD in its place. */
json_t *json_text(const char *value);

/* As docs/findings-format.md describes them. */
json_t *json_stack(const struct stack *s);
json_t *json_finding(const struct finding *f);

/* Sets a key if there is a value for it, and takes the reference. */
void json_set(json_t *object, const char *key, json_t *value);

/* Writes the value, takes the reference, and flushes. `flags`: jansson's. */
void json_print(FILE *stream, json_t *value, size_t flags);

#endif
