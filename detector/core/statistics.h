/* SPDX-License-Identifier: MIT */
/*
 * statistics.h - what the program has done, in numbers: for whoever compares two programs
 *
 * Layer:    detector/core
 * Memory:   counters
 * Locking:  none; counters are atomic
 * Errors:   none
 */
#ifndef GRIDLOCK_CORE_STATISTICS_H
#define GRIDLOCK_CORE_STATISTICS_H

/* Threads and goroutines that the program has started, without main and the library's own. */
extern unsigned long statistics_threads;

static inline void statistics_add_thread(long by)
{
    __atomic_add_fetch(&statistics_threads, by, __ATOMIC_RELAXED);
}

/* At the end of the process, if GRIDLOCK_OPTIONS has statistics=1: a note with that name. */
void statistics_report(void);

#endif
