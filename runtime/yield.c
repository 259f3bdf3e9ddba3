/* SPDX-License-Identifier: MIT */
/*
 * When is it wise to let others run?
 *
 * Those whom one waits for may want this very processor; then sched_yield() is the quickest way on.
 * But if the others are another program's, and have much to do, they keep the processor for
 * milliseconds, where a sleeper would have been put back as soon as it is woken. So:
 *
 * 1. A yield is timed. One that took long is followed by REST times as long without any, by no
 *    thread of the process: so that at most one part in REST of the time is lost.
 * 2. Unless the process had all its processors to itself: then it was its own work that was done
 *    meanwhile, and nothing is lost. The process's processor time tells.
 */
#include "runtime/yield.h"

#include "runtime/lock.h"
#include "runtime/park.h"

enum { REST = 16, CPU_BYTES = 1024 };

/* After a stop of another kind: a debugger's, a container's that has used up its share. */
#define LONGEST_REST (100 * INT64_C(1000000))

static struct {
    int64_t resting_until; /* read and written atomically, without the lock */
    struct raw_lock lock;
    int64_t wall, cpu; /* at the last long yield: the clock, and the process's processor time */
} yields;

/* 0: not known. */
static int64_t processors(void)
{
    unsigned char mask[CPU_BYTES];
    long bytes = sys_call(SYS_sched_getaffinity, 0, sizeof mask, (long)mask, 0, 0, 0);
    int64_t count = 0;

    for (long i = 0; i < bytes; i++)
        count += __builtin_popcount(mask[i]);
    return count;
}

/* Did the process run on all its processors, nearly all the time since the last long yield? */
static bool had_them_all(int64_t now)
{
    int64_t count = processors(), cpu, wall_passed, cpu_passed;
    struct timespec used;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    cpu = (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
    wall_passed = now - yields.wall;
    cpu_passed = cpu - yields.cpu;
    yields.wall = now;
    yields.cpu = cpu;
    return count && cpu_passed >= wall_passed / 10 * 9 * count;
}

static void after_long_yield(int64_t now, int64_t took)
{
    int64_t rest = took < LONGEST_REST / REST ? took * REST : LONGEST_REST;

    if (!lock_try(&yields.lock))
        return; /* another thread is about to decide the same */
    if (!had_them_all(now))
        __atomic_store_n(&yields.resting_until, now + rest, __ATOMIC_RELAXED);
    lock_give(&yields.lock);
}

bool yield_is_wise(void)
{
    int64_t until = __atomic_load_n(&yields.resting_until, __ATOMIC_RELAXED);

    return !until || park_now() >= until;
}

int64_t yield_timed(void)
{
    int64_t before = park_now(), now;

    sys_call(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
    now = park_now();
    if (now - before > YIELD_LONG)
        after_long_yield(now, now - before);
    return now - before;
}
