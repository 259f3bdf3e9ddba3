/* SPDX-License-Identifier: MIT */
/*
 * flag-spin-volatile - the baker looks at a volatile flag again and again until the oven is hot
 *
 * Family:  data-races
 * Bug:     volatile makes the compiler read `hot` each time. It promises nothing between threads:
 *          not that `degrees`, written before the flag, is seen before it. And to learn of one
 *          event, the baker keeps a processor busy all the while.
 * Fix:     a semaphore. Who waits for it sleeps, and all that was written before the post is there
 *          after the wait.
 * Refs:    CERT CON02-C, CERT CON03-C
 * Expect:  gridlock=silent tsan=silent output="the bread goes in at 220 degrees"
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

enum { COLD = 20, HOT = 220 };

static sem_t hot;
static int degrees = COLD; /* the oven's until it is hot, then the baker's */

static void *oven(void *unused)
{
    (void)unused;
    while (degrees < HOT)
        degrees++;
    sem_post(&hot);
    return NULL;
}

static void *baker(void *unused)
{
    (void)unused;
    sem_wait(&hot);
    printf("the bread goes in at %d degrees\n", degrees);
    return NULL;
}

int main(void)
{
    pthread_t threads[2];

    sem_init(&hot, 0, 0);
    pthread_create(&threads[0], NULL, baker, NULL);
    pthread_create(&threads[1], NULL, oven, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    sem_destroy(&hot);
    puts("done");
    return 0;
}
