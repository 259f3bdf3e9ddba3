/* SPDX-License-Identifier: MIT */
/*
 * bench.h - what one measurement is, and the tools that all of them share
 *
 * Layer:    bench (plain pthreads; knows nothing of the detector)
 * Memory:   static; every measurement frees what it allocates
 * Locking:  none of its own
 * Errors:   a failing set-up call ends the program with status 1
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>
#include <time.h>

/* Performs `count` operations and returns the nanoseconds that they took, set-up not included. */
typedef uint64_t measure_fn(long count);

/* Uncontended locks of one thread: locks.c */
measure_fn lock_unlock, nested_pair, depth_8, recursive_lock, try_lock, spin_lock, rwlock_read,
    rwlock_write, semaphore;
/* What the lock-order graph costs, and what a mutex's life costs: graph.c */
measure_fn pairs_warm, pairs_warm_all, pairs_cold, pairs_cold_dense, mutex_life, mutex_live, blocks;
/* Several threads: threads.c */
measure_fn own_locks, one_lock, ping_pong, create_join, many_threads, small_program;

static inline uint64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Ends the program if a call that returns an error number did not return 0. */
void must(int error, const char *what);

#endif
