/* SPDX-License-Identifier: MIT */
/*
 * finding_parts.h - one finding on its way into a line of JSON: what its parts share
 *
 * Layer:    detector/report
 * Memory:   static buffers, one finding at a time
 * Locking:  between finding_begin() and finding_end(), under the report lock
 * Errors:   what does not fit is left out whole, and the finding says so (finding_shorten)
 */
#ifndef GRIDLOCK_REPORT_FINDING_PARTS_H
#define GRIDLOCK_REPORT_FINDING_PARTS_H

#include "detector/core/finding.h"
#include "detector/report/json.h"

enum part { PART_TEXT, PART_THREADS, PART_CYCLE, PART_TURNS, PART_PLACES, PARTS };

struct json *finding_part(enum part part);
/* An element of an array goes in whole or not at all. */
struct json finding_element_begin(enum part part);
void finding_element_end(enum part part, struct json before);

/* The command must be able to find this address in a module. */
void finding_mention(const void *address);
void finding_write_stack(struct json *json, const char *key, struct where where);

/* --- finding_threads.c, finding_objects.c --- */

void finding_threads_begin(void);
void finding_objects_begin(void);
/* The array of all objects that were mentioned. */
void finding_objects_write(struct json *json);

#endif
