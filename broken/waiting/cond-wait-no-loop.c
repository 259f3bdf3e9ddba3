/* SPDX-License-Identifier: MIT */
/*
 * cond-wait-no-loop - two customers are woken, there is one loaf, and both take it
 *
 * Family:  waiting
 * Bug:     buy() tests once whether there is a loaf, waits if there is none, and then takes one. To
 *          be woken only means that something may have changed: another customer may have been
 *          quicker, and POSIX even allows a wake-up for no reason at all.
 * Fix:     test again after each wake-up: `while`, not `if`.
 * Refs:    CERT CON36-C
 * Expect:  gridlock=silent tsan=silent output="a loaf is sold, 0 left; a loaf is sold, -1 left"
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

enum { CUSTOMERS = 2 };

static struct bakery {
    pthread_mutex_t lock;
    pthread_cond_t fresh;
    int loaves; /* under lock */
} bakery = {.lock = PTHREAD_MUTEX_INITIALIZER, .fresh = PTHREAD_COND_INITIALIZER};

static sem_t bell; /* rings when the shelf is found empty, and when somebody leaves */

static void *buy(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&bakery.lock);
    if (bakery.loaves == 0) {
        sem_post(&bell);
        pthread_cond_wait(&bakery.fresh, &bakery.lock);
    }
    bakery.loaves--;
    printf("a loaf is sold, %d left\n", bakery.loaves);
    pthread_mutex_unlock(&bakery.lock);
    sem_post(&bell);
    return NULL;
}

/* One loaf, after so many rings. */
static void bake(int rings)
{
    for (int i = 0; i < rings; i++)
        sem_wait(&bell);
    pthread_mutex_lock(&bakery.lock);
    bakery.loaves++;
    pthread_cond_broadcast(&bakery.fresh);
    pthread_mutex_unlock(&bakery.lock);
}

int main(void)
{
    pthread_t customers[CUSTOMERS];

    sem_init(&bell, 0, 0);
    for (int i = 0; i < CUSTOMERS; i++)
        pthread_create(&customers[i], NULL, buy, NULL);
    bake(CUSTOMERS); /* all have found the shelf empty */
    bake(CUSTOMERS); /* each has left, or has rung again */
    for (int i = 0; i < CUSTOMERS; i++)
        pthread_join(customers[i], NULL);
    sem_destroy(&bell);
    return 0;
}
