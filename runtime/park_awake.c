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
 * 2. Let others run, twice: good when the partner waits for this very processor (and when that is
 *    wise: yield.c).
 * 3. Each of the two is a habit of its thread: it is kept while it pays off at least once in five
 *    times (a success saves several times what a failure costs), and tried now and then when it
 *    does not.
 * 4. Two partners who wake each other on two processors may both sleep for ever in turn: neither
 *    looks long enough to see the other wake up, and so looking never pays off. So, seldom and ever
 *    more seldom, look as long as a wakeup may take, on a processor that nobody else wants; if that
 *    helps, several times in a row. Once both are awake, step 1 keeps them so: 0.2 us a value
 *    instead of 20.
 */
#include "runtime/park.h"

#include "runtime/lock.h"
#include "runtime/yield.h"

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
};

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

static bool let_others_run(struct parker *self)
{
    for (int i = 0; i < YIELDS; i++) {
        int64_t took = yield_timed();

        if (park_try(self))
            return true;
        if (took > YIELD_LONG)
            return false;
    }
    return false;
}

/* --- 4. looking long --- */

static bool session_is_due(struct parker *self)
{
    self->sleeps = (uint16_t)((self->sleeps + 1) % (2 * LAST_SESSION));
    return self->sleeps >= FIRST_SESSION && (self->sleeps & (self->sleeps - 1)) == 0;
}

static bool look_long(struct parker *self)
{
    if (!self->long_looks && session_is_due(self))
        self->long_looks = SESSION;
    if (!self->long_looks)
        return false;
    self->long_looks--;
    if (yield_timed() < YIELD_ALONE && look(self, LONG_LOOKS))
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
    if (worth_trying(&self->yielding) && yield_is_wise() &&
        learn(&self->yielding, let_others_run(self)))
        return true;
    return yield_is_wise() && look_long(self);
}
