/* SPDX-License-Identifier: MIT */
/*
 * tally.h - how often was each finding seen, in which processes, and what became of it?
 *
 * Layer:    detector/cli
 * Memory:   tally_free() gives everything back; {0} is an empty tally
 * Locking:  none
 * Errors:   none
 */
#ifndef CLI_TALLY_H
#define CLI_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "detector/cli/finding/finding.h"

/* What became of a finding: shown, hidden for one of two reasons, or no finding but a remark. */
enum fate { FATE_SHOWN, FATE_SUPPRESSED, FATE_KNOWN, FATE_REMARK, FATES };

struct tally {
    struct pool pool;
    struct sighting *sightings; /* newest first */
    struct process *processes;  /* that had a shown finding; oldest first */
    bool several_processes;
    size_t errors, warnings, notes; /* shown */
    size_t fates[FATES];
};

/* Counts it if the same fault was seen before; then true. */
bool tally_again(struct tally *t, const struct finding *f);

/* The first of its kind. */
void tally_first(struct tally *t, const struct finding *f, enum fate fate);

/* Was a finding hidden that says that this process is certainly stuck? */
bool tally_hid_deadlock(const struct tally *t, int64_t pid);

/* The summary, on stderr; nothing where nothing was found. `baseline`: its file, or NULL; `output`:
 * where the report is, or NULL. */
void tally_print(struct tally *t, const char *baseline, const char *output);

/* The counts stay. */
void tally_free(struct tally *t);

#endif
