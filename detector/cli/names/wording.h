/* SPDX-License-Identifier: MIT */
/*
 * wording.h - operations and places in words
 *
 * Layer:    detector/cli/names
 * Memory:   the texts belong to the finding
 * Locking:  none
 * Errors:   none
 */
#ifndef CLI_WORDING_H
#define CLI_WORDING_H

#include "detector/cli/finding/finding.h"

/* `lock accounts[1].lock`, `join teller-1`, `cond log.more` */
const char *word_operation(struct finding *f, const char *operation, int object,
                           const int *for_threads, size_t for_count);

/* What a blocked thread waits for, and why it cannot have it: `send mid (capacity 2, full)`,
 * `select: receive jobs, receive ctx`. */
const char *word_blocked(struct finding *f, const struct wait *w);

/* One case of a select: `receive jobs`; with_state: `receive jobs (empty)`. */
const char *word_case(struct finding *f, const struct wait_case *c, bool with_state);

/* What an object is, for people: `WaitGroup`, `mutex`. */
const char *word_kind(const char *kind);

/* `waits here for accounts[1].lock`, `waits here for the end of teller-1` */
const char *word_wait(struct finding *f, const struct wait *w);

/* `teller-1, teller-2 and main` */
const char *word_threads(struct finding *f, const int *threads, size_t count);

/* `worker (pid 4712, forked by server 4711)`; NULL if the program had no other process. */
const char *word_process(struct finding *f);

/* `bank.c:31`, or as much as is known; "" if nothing is. */
const char *word_place(struct finding *f, const struct frame *frame);

/* How sure a finding is: `certain, after 0.2 s` */
const char *word_sureness(struct finding *f);

/* Waits that only the holder of the object can end. */
bool is_owner_wait(const char *operation);

#endif
