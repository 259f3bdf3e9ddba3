/* SPDX-License-Identifier: MIT */
/*
 * turns.h - an interleaving, read turn by turn: what each step does, and leaves behind
 *
 * Layer:    detector/cli/render
 * Memory:   texts and lists belong to the finding
 * Locking:  none
 * Errors:   none
 */
#ifndef CLI_TURNS_H
#define CLI_TURNS_H

#include "detector/cli/finding/finding.h"

struct int_list {
    int *items;
    size_t count;
};

/* Brings the steps into the order of their turns; steps of one turn stay as they came. */
void turns_sort(struct finding *f);

/* `It hangs when the turns fall like this:` */
const char *turns_heading(const struct finding *f);

/* The threads that take a turn, in the order of their numbers. */
struct int_list turns_threads(struct finding *f);

/* `lock accounts[1].lock`; `waits for teller-2`, or "". */
const char *turn_action(struct finding *f, const struct step *s);
const char *turn_wait(struct finding *f, const struct step *s);

/* The thread's wait in which this step ends for good, as a deadlock has found it; NULL if it does not. */
const struct wait *turn_last_wait(const struct finding *f, const struct step *s);

/* Whether its thread can go on after the step. */
bool turn_blocks(const struct finding *f, const struct step *s);

/* What the thread of this step holds after it. Requires: the steps are sorted. */
struct int_list turn_holds(struct finding *f, const struct step *s);

/* Every thread ends blocked. Requires: the steps are sorted. */
bool turns_end_stuck(struct finding *f);

#endif
