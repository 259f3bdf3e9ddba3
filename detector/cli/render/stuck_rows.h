/* SPDX-License-Identifier: MIT */
/*
 * stuck_rows.h - who holds what, and who waits for whom: the rows of the table, in words
 *
 * Layer:    detector/cli/render
 * Memory:   texts belong to the finding
 * Locking:  none
 * Errors:   none
 */
#ifndef CLI_STUCK_ROWS_H
#define CLI_STUCK_ROWS_H

#include "detector/cli/finding/finding.h"

enum column { THREAD, HOLDS, HOLDS_AT, WAITS, WAITS_AT, WHOSE, COLUMNS };

struct stuck_row {
    const char *cells[COLUMNS];
    bool stuck, first; /* the first row of its thread */
    size_t like;       /* so many more threads, of which the same can be said */
    bool own_objects;  /* but each waits for another object, which has no name */
};

struct stuck_rows {
    struct stuck_row *rows; /* the stuck threads first */
    size_t count;
    size_t left_out; /* so many bystanders have no row */
    bool no_holds;   /* nobody holds anything */
    bool holders;    /* some cell of WHOSE names who holds what is waited for */
};

/* Words of a thread that takes no part. */
extern const char stuck_idle[];

/* Whether the finding knows enough of a stuck thread for a table; a snapshot always does. */
bool stuck_rows_wanted(const struct finding *f);

struct stuck_rows stuck_rows_of(struct finding *f);

#endif
