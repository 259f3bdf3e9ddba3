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
 * 4. Two partners who wake each other on two processors may both sleep for ever in turn: neither
 *    looks long enough to see the other wake up, and so looking never pays off. So, seldom and ever
 *    more seldom, look as long as a wakeup may take, on a processor that nobody else wants; if that
 *    helps, several times in a row. Once both are awake, step 1 keeps them so: 0.2 us a value
 *    instead of 20.
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
    LOOKS = 40,          /* about 25 ns each */
    YIELDS = 2,          /* about 500 ns each if there is nobody else */
    LOSSES = 8,          /* so many more losses than a habit is worth end it */
    GAIN = 4,            /* losses that one success makes up for */
    RETRY = 16,          /* a habit that has ended is tried once in so many times */
    LONG_LOOKS = 1200,   /* about 30 us */
    SESSION = 16,        /* long looks in a row, as long as they pay off */
    FIRST_SESSION = 32,  /* after so many sleeps, then after twice as many, and so on */
    LAST_SESSION = 1024, /* ... up to so many; then from the beginning */
    REST = 16,           /* how many times as long as a long yield took there is none */
    CPU_BYTES = 1024,
};

/* Nanoseconds. */
#define LONG_YIELD 100000 /* nothing of the runtime itself takes that long */
#define LONE_YIELD 1500   /* nobody else wanted this processor */

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

static bool look(struct parker *self, int times)
{
    for (int i = 0; i < times; i++) {
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

static bool yields_are_allowed(void)
{
    int64_t until = __atomic_load_n(&yields.resting_until, __ATOMIC_RELAXED);

    return !until || park_now() >= until;
}

/* How long it took. */
static int64_t yield(void)
{
    int64_t before = park_now(), now;

    sys_call(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
    now = park_now();
    if (now - before > LONG_YIELD)
        after_long_yield(now, now - before);
    return now - before;
}

static bool let_others_run(struct parker *self)
{
    for (int i = 0; i < YIELDS; i++) {
        int64_t took = yield();

        if (park_try(self))
            return true;
        if (took > LONG_YIELD)
            return false;
    }
    return false;
}

/* --- 4. looking long --- */

static bool session_is_due(struct parker *self)
{
    self->sleeps = self->sleeps < 2 * LAST_SESSION ? self->sleeps + 1 : 0;
    return self->sleeps >= FIRST_SESSION && (self->sleeps & (self->sleeps - 1)) == 0;
}

static bool look_long(struct parker *self)
{
    if (!self->long_looks && session_is_due(self))
        self->long_looks = SESSION;
    if (!self->long_looks)
        return false;
    self->long_looks--;
    if (yield() < LONE_YIELD && look(self, LONG_LOOKS))
        return learn(&self->looking, true); /* next time a short one may do */
    self->long_looks = 0;
    return park_try(self);
}

/* --- all of it --- */

bool park_awake(struct parker *self)
{
    if (worth_trying(&self->looking) && learn(&self->looking, look(self, LOOKS))) {
        self->sleeps = 0;
        return true;
    }
    if (worth_trying(&self->yielding) && yields_are_allowed() &&
        learn(&self->yielding, let_others_run(self)))
        return true;
    return yields_are_allowed() && look_long(self);
}
