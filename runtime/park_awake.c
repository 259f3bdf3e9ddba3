/* SPDX-License-Identifier: MIT */
/*
 * Is it worth staying awake a moment, before going to sleep?
 *
 * Sleeping and being woken costs two system calls and a switch, and much more where the processor
 * has to leave its own sleep first. If the partner is only a microsecond away, all of that can be
 * saved. But who stays awake in vain has wasted that microsecond. So:
 *
 * 1. Look for the token during about a microsecond: good when the partner runs on another
 *    processor.
 * 2. Let others run, twice: good when the partner waits for this very processor.
 * 3. Each of the two is a habit of its thread: it is kept while it pays off at least once in five
 *    times (a success saves several times what a failure costs), and tried now and then when it
 *    does not.
 *
 * Letting others run has a danger: if they are another program's, and have much to do, they keep
 * the processor for milliseconds, where a sleeper would have been put back at once when it is
 * woken. So it is timed. One that took long is followed by sixteen times as long without any, by
 * no thread of the process: so at most a sixteenth of the time is lost. Unless the process had all
 * its processors to itself: then it was its own work that was done meanwhile.
 */
#include "runtime/park.h"

#include "runtime/lock.h"

enum {
    LOOKS = 40, /* about 25 ns each */
    YIELDS = 2, /* about 500 ns each if there is nobody else */
    LOSSES = 8, /* so many more losses than a habit is worth end it */
    GAIN = 4,   /* losses that one success makes up for */
    RETRY = 16, /* a habit that has ended is tried once in so many times */
    REST = 16,  /* how many times as long as a long yield took there is none */
    CPU_BYTES = 1024,
};

#define LONG_YIELD 100000 /* ns; nothing of the runtime itself takes that long */

static struct {
    int64_t resting_until; /* read and written atomically, without the lock */
    struct raw_lock lock;
    int64_t wall, cpu; /* at the last long yield: the clock, and the process's processor time */
} yields;

/* --- habits --- */

static bool worth_trying(struct habit *habit)
{
    return habit->losses < LOSSES || ++habit->refused % RETRY == 0;
}

static bool learn(struct habit *habit, bool paid_off)
{
    if (paid_off)
        habit->losses = habit->losses > GAIN ? habit->losses - GAIN : 0;
    else if (habit->losses < LOSSES)
        habit->losses++;
    return paid_off;
}

/* --- 1. looking --- */

static bool look(struct parker *self)
{
    for (int i = 0; i < LOOKS; i++) {
        if (park_try(self))
            return true;
        lock_relax();
    }
    return false;
}

/* --- 2. letting others run --- */

static int64_t processors(void)
{
    unsigned char mask[CPU_BYTES];
    long bytes = sys_call(SYS_sched_getaffinity, 0, sizeof mask, (long)mask, 0, 0, 0);
    int64_t count = 0;

    for (long i = 0; i < bytes; i++)
        count += __builtin_popcount(mask[i]);
    return count;
}

/* Did this process run on all its processors, nearly all the time since it last asked? */
static bool had_them_all(int64_t now)
{
    struct timespec used;
    int64_t cpu, wall_passed, cpu_passed;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    cpu = (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
    wall_passed = now - yields.wall;
    cpu_passed = cpu - yields.cpu;
    yields.wall = now;
    yields.cpu = cpu;
    return cpu_passed >= wall_passed / 10 * 9 * processors();
}

static void after_long_yield(int64_t now, int64_t took)
{
    if (!lock_try(&yields.lock))
        return; /* another thread is about to decide the same */
    if (!had_them_all(now))
        __atomic_store_n(&yields.resting_until, now + REST * took, __ATOMIC_RELAXED);
    lock_give(&yields.lock);
}

static bool let_others_run(struct parker *self, int64_t now)
{
    for (int i = 0; i < YIELDS; i++) {
        int64_t before = now;

        sys_call(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
        now = park_now();
        if (now - before > LONG_YIELD) {
            after_long_yield(now, now - before);
            return park_try(self);
        }
        if (park_try(self))
            return true;
    }
    return false;
}

bool park_awake(struct parker *self)
{
    int64_t now;

    if (worth_trying(&self->looking) && learn(&self->looking, look(self)))
        return true;
    if (!worth_trying(&self->yielding))
        return false;
    now = park_now();
    if (now < __atomic_load_n(&yields.resting_until, __ATOMIC_RELAXED))
        return false;
    return learn(&self->yielding, let_others_run(self, now));
}
