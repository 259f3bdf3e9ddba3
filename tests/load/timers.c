/* SPDX-License-Identifier: MIT */
/*
 * timers MILLISECONDS - does each start of a timer end in exactly one way?
 *
 * It fires and its value is received, or a stop or reset says that it prevented that. Goroutines
 * start, stop and reset random timers, while others receive from them. None fires too early.
 */
#include "load.h"

#include <stdio.h>

enum { TIMERS = 4, SETTERS = 4, RECEIVERS = 3 };

CHAN_TYPE(stop_chan, struct {});

static struct timer *timers[TIMERS];
static stop_chan stop;
static struct waitgroup setters = WAITGROUP_INIT, receivers = WAITGROUP_INIT;
static long started, prevented, received; /* atomic */
static int64_t end;

static void count(long *what)
{
    __atomic_fetch_add(what, 1, __ATOMIC_RELAXED);
}

static void setter(void *argument)
{
    uint64_t die = (uintptr_t)argument;

    while (now() < end) {
        struct timer *timer = timers[roll(&die, TIMERS)];

        if (roll(&die, 8) == 0)
            chan_len(timer_done(timer)); /* looks, and takes nothing */
        if (roll(&die, 3) == 0) {
            if (timer_stop(timer))
                count(&prevented);
        } else {
            if (timer_reset(timer, roll(&die, 300) * MICROSECOND))
                count(&prevented);
            count(&started);
        }
        if (roll(&die, 4) == 0)
            time_sleep(roll(&die, 400) * MICROSECOND);
    }
}

static void receiver(void *unused)
{
    (void)unused;
    for (;;) {
        int64_t fired = 0;
        int chosen = chan_select(RECV(timer_done(timers[0]), &fired),
                                 RECV(timer_done(timers[1]), &fired),
                                 RECV(timer_done(timers[2]), &fired),
                                 RECV(timer_done(timers[3]), &fired), RECV(stop, NULL));

        if (chosen == TIMERS)
            return;
        require(fired <= now(), "a timer fired %ld ns too early", (long)(fired - now()));
        count(&received);
    }
}

/* Receivers that sleep, with nothing that would end it, look again when a timer is started. */
static void require_all_awake(void)
{
    long before;

    for (int i = 0; i < TIMERS; i++)
        if (timer_stop(timers[i]))
            count(&prevented);
    time_sleep(10 * MILLISECOND);
    before = __atomic_load_n(&received, __ATOMIC_RELAXED);
    for (int i = 0; i < TIMERS; i++) {
        timer_reset(timers[i], MILLISECOND);
        count(&started);
    }
    for (int64_t limit = now() + 20 * SECOND;
         __atomic_load_n(&received, __ATOMIC_RELAXED) < before + TIMERS;) {
        require(now() < limit, "nobody receives from a timer that was started again");
        time_sleep(MILLISECOND);
    }
}

int main(int argc, char **argv)
{
    long duration = number(argv, 1);

    (void)argc;
    end = now() + duration * MILLISECOND;
    stop = chan_make(stop_chan, 0);
    for (int i = 0; i < TIMERS; i++) {
        timers[i] = timer_new(MILLISECOND);
        count(&started);
    }
    for (int i = 0; i < RECEIVERS; i++)
        waitgroup_go(&receivers, receiver, NULL);
    for (uintptr_t i = 0; i < SETTERS; i++)
        waitgroup_go(&setters, setter, (void *)i);
    waitgroup_wait(&setters);
    require_all_awake();
    chan_close(stop);
    waitgroup_wait(&receivers);
    for (int i = 0; i < TIMERS; i++) {
        if (timer_stop(timers[i]))
            count(&prevented);
        timer_free(timers[i]);
    }
    chan_free(stop);
    require(received > 0 && prevented > 0, "%ld received, %ld prevented", received, prevented);
    require(started == prevented + received, "%ld started, %ld prevented, %ld received", started,
            prevented, received);
    printf("%ld starts, %ld of them prevented\n", started, prevented);
    return 0;
}
