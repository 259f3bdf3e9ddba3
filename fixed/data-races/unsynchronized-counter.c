/* SPDX-License-Identifier: MIT */
/*
 * unsynchronized-counter - two gates count visitors with a plain ++
 *
 * Family:  data-races
 * Bug:     visitors++ is three steps: read, add, write. Two gates that read the same number write
 *          the same number, and one visitor is lost. Nothing hangs, so a detector of deadlocks has
 *          nothing to say; ThreadSanitizer has.
 * Fix:     a mutex around the ++, so that the three steps of one gate come before or after those
 *          of the other. (For a lone counter, _Atomic would do as well.)
 * Refs:    CERT CON43-C, CWE-362, CWE-366
 * Expect:  gridlock=silent tsan=silent output="400000 were counted"
 */
#include <pthread.h>
#include <stdio.h>

enum { GATES = 2, GUESTS = 200000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int visitors; /* under lock */
static pthread_barrier_t doors_open;
static int adults[GATES]; /* adults[i]: written by gate i, read after the join */

static void *gate(void *argument)
{
    int number = *(int *)argument;
    unsigned seed = (unsigned)number;

    pthread_barrier_wait(&doors_open);
    for (int i = 0; i < GUESTS; i++) {
        seed = seed * 1103515245 + 12345; /* the next guest */
        adults[number] += (seed >> 16) % 90 >= 18;
        pthread_mutex_lock(&lock);
        visitors++;
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[GATES];
    int numbers[GATES];

    pthread_barrier_init(&doors_open, NULL, GATES);
    for (int i = 0; i < GATES; i++) {
        numbers[i] = i;
        pthread_create(&threads[i], NULL, gate, &numbers[i]);
    }
    for (int i = 0; i < GATES; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&doors_open);

    printf("%d came, %d of them adults\n", GATES * GUESTS, adults[0] + adults[1]);
    printf("%d were counted\n", visitors);
    return 0;
}
