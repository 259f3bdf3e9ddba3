/* SPDX-License-Identifier: MIT */
/*
 * baseline.h - findings that were there before: only what is new shall fail
 *
 * Layer:    detector/cli/finding
 * Memory:   the list lives until baseline_free()
 * Locking:  none
 * Errors:   a bad file or line gives one message on stderr and false
 */
#ifndef CLI_BASELINE_H
#define CLI_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "detector/cli/finding/finding.h"

struct known;

struct baseline {
    const char *file; /* NULL: there is none */
    struct known *first;
};

/* Reads findings as `--format=json` writes them, or fingerprints, one a line. */
bool baseline_read(struct baseline *b, const char *file);

/* Is the finding one of them? Each of them stands for one finding of this run. To be asked once
 * for each fingerprint. Requires: fingerprint() was here. */
bool baseline_knows(struct baseline *b, const struct finding *f);

/* How many of them were not met. */
size_t baseline_missed(const struct baseline *b);

void baseline_free(struct baseline *b);

#endif
