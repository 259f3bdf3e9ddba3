/* SPDX-License-Identifier: MIT */
/*
 * leaks.h - goroutines that are still blocked when the program ends
 *
 * Layer:    detector/core
 * Memory:   a snapshot, from the arena
 * Locking:  at the end of the process, without the detector's lock
 * Errors:   no memory: nothing is found
 */
#ifndef GRIDLOCK_CORE_LEAKS_H
#define GRIDLOCK_CORE_LEAKS_H

#include "detector/core/thread.h"

/* `leaving` ends the process. What was told as a deadlock or otherwise is not told again. */
void leaks_report(const struct thread *leaving);

#endif
