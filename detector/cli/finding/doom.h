/* SPDX-License-Identifier: MIT */
/*
 * doom.h - who can never run again?
 *
 * Layer:    detector/cli/finding
 * Memory:   a flag in each thread
 * Locking:  none
 * Errors:   none; in doubt a thread is not doomed
 */
#ifndef CLI_DOOM_H
#define CLI_DOOM_H

#include "detector/cli/finding/finding.h"

/* Sets `doomed` of every thread: the stuck ones, and those that wait for nobody else. */
void find_doomed(struct finding *f);

#endif
