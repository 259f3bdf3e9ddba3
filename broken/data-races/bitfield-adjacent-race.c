/* SPDX-License-Identifier: MIT */
/*
 * bitfield-adjacent-race - two threads, two bit-fields, one word
 *
 * Family:  data-races
 * Bug:     the heating writes `burner`, the pump writes `pump`: each has its own member, so nobody
 *          took a lock. But neighbouring bit-fields are one memory location. To write one bit is to
 *          read the word, change it and write it back, with the other's bit as it was before.
 * Fix:     members of their own: two objects that are not bit-fields may always be written at the
 *          same time. (Or a lock around the word.)
 * Refs:    CERT CON32-C, CERT POS49-C; C11 3.14 (memory location)
 * Expect:  gridlock=silent tsan=data-race
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

enum { HOURS = 1000 };

static struct boiler {
    bool burner : 1; /* the heating's */
    bool pump : 1;   /* the pump's */
} boiler;

static pthread_barrier_t winter;
static int surprises[2]; /* surprises[i]: written by thread i, read after the join */

static void *heating(void *unused)
{
    (void)unused;
    pthread_barrier_wait(&winter);
    for (int hour = 0; hour < HOURS; hour++) {
        bool on = hour % 2 == 0;

        boiler.burner = on;
        surprises[0] += boiler.burner != on;
    }
    return NULL;
}

static void *pump(void *unused)
{
    (void)unused;
    pthread_barrier_wait(&winter);
    for (int hour = 0; hour < HOURS; hour++) {
        bool on = hour % 3 == 0;

        boiler.pump = on;
        surprises[1] += boiler.pump != on;
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[2];

    pthread_barrier_init(&winter, NULL, 2);
    pthread_create(&threads[0], NULL, heating, NULL);
    pthread_create(&threads[1], NULL, pump, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&winter);

    printf("burner %s, pump %s\n", boiler.burner ? "on" : "off", boiler.pump ? "on" : "off");
    puts(surprises[0] + surprises[1] == 0 ? "all switches did what they were told"
                                          : "a switch changed by itself");
    return 0;
}
