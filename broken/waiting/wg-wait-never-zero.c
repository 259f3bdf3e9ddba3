/* SPDX-License-Identifier: MIT */
/*
 * wg-wait-never-zero - a task returns early, and is never marked done
 *
 * Family:  waiting
 * Bug:     water() returns when the can is empty, and forgets waitgroup_done(). The counter never
 *          gets to zero: main() waits for a goroutine that is long gone.
 * Fix:     mark it done on every way out: DEFER says it once, at the beginning. waitgroup_go() does
 *          both, add and done.
 * Refs:    the Go documentation of sync.WaitGroup; CWE-772
 * Expect:  gridlock=deadlock tsan=hang
 */
#include <gridlock.h>

#include <stdio.h>

enum { PLANTS = 3 };

static struct garden {
    struct waitgroup watering;
    pthread_mutex_t lock;
    int litres;  /* in the can; under lock */
    int watered; /* under lock */
} garden = {.lock = PTHREAD_MUTEX_INITIALIZER, .litres = 5};

/* Are there so many litres? If so they are taken. */
static bool take(int litres)
{
    pthread_mutex_lock(&garden.lock);
    bool enough = garden.litres >= litres;
    if (enough) {
        garden.litres -= litres;
        garden.watered++;
    }
    pthread_mutex_unlock(&garden.lock);
    return enough;
}

static void water(void *arg)
{
    int litres = *(int *)arg;

    if (!take(litres))
        return;
    waitgroup_done(&garden.watering);
}

int main(void)
{
    int needs[PLANTS] = {2, 2, 2};

    for (int i = 0; i < PLANTS; i++) {
        waitgroup_add(&garden.watering, 1);
        go(water, &needs[i]);
    }
    waitgroup_wait(&garden.watering);
    printf("%d of %d plants have water\n", garden.watered, PLANTS);
    return 0;
}
