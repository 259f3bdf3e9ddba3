/* SPDX-License-Identifier: MIT */
/*
 * cond-wrong-mutex - two trays have a lock each, and share one condition
 *
 * Family:  waiting
 * Bug:     a condition variable belongs to one mutex while somebody waits on it. Here the clerk for
 *          letters waits with the lock of his tray, the clerk for parcels with that of the other:
 *          what a wait then does is undefined. On this system it happens to work, today.
 * Fix:     one condition for each lock; or one lock for all that share a condition.
 * Refs:    CERT POS53-C
 * Expect:  gridlock=silent tsan=silent output="good morning"
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

enum { TRAYS = 2 };

static struct tray {
    const char *name; /* constant */
    int pieces;       /* under lock */
    pthread_mutex_t lock;
    pthread_cond_t mail; /* the postman was here */
} trays[TRAYS] = {
    {"letters", 0, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER},
    {"parcels", 0, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER},
};

static sem_t awake; /* one for each clerk who has come */

static void *clerk(void *argument)
{
    struct tray *tray = argument;

    pthread_mutex_lock(&tray->lock);
    sem_post(&awake);
    while (tray->pieces == 0)
        pthread_cond_wait(&tray->mail, &tray->lock);
    printf("%s: %d pieces\n", tray->name, tray->pieces);
    pthread_mutex_unlock(&tray->lock);
    return NULL;
}

int main(void)
{
    pthread_t clerks[TRAYS];

    sem_init(&awake, 0, 0);
    for (int i = 0; i < TRAYS; i++)
        pthread_create(&clerks[i], NULL, clerk, &trays[i]);
    for (int i = 0; i < TRAYS; i++)
        sem_wait(&awake);
    for (int i = 0; i < TRAYS; i++)
        pthread_mutex_lock(&trays[i].lock); /* free as soon as the clerk waits */
    for (int i = 0; i < TRAYS; i++) {
        trays[i].pieces = 12;
        pthread_cond_broadcast(&trays[i].mail);
        pthread_mutex_unlock(&trays[i].lock);
    }
    for (int i = 0; i < TRAYS; i++)
        pthread_join(clerks[i], NULL);
    sem_destroy(&awake);
    printf("good morning\n");
    return 0;
}
