/* SPDX-License-Identifier: MIT */
/*
 * ignored-sync-error - a trylock fails, nobody looks at its result, and the work is done without
 *
 * Family:  locks
 * Bug:     the manager only wants to look into the till if nobody is at it: trylock. The cashier is
 *          at it, so there is no lock; but the result is thrown away. The manager counts money that
 *          the cashier is moving, and then unlocks what the cashier has locked.
 * Fix:     look at every result that can say no, and do something else then.
 * Refs:    CERT POS54-C, CWE-252
 * Expect:  gridlock=silent tsan=silent output="till: 20150 cents"
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static struct till {
    pthread_mutex_t lock;
    int notes, coins; /* in cents; their sum changes only by a sale; under lock */
} till = {.lock = PTHREAD_MUTEX_INITIALIZER, .notes = 20000, .coins = 150};

static sem_t call, change; /* "I need change!" and "here it is" */

/* Changes a note of 50 into coins, which the manager brings. */
static void *cashier(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&till.lock);
    till.notes -= 5000;
    sem_post(&call);
    sem_wait(&change);
    till.coins += 5000;
    pthread_mutex_unlock(&till.lock);
    return NULL;
}

static void look_into_till(void)
{
    if (pthread_mutex_trylock(&till.lock) != 0) {
        printf("the till is in use: later\n");
        return;
    }
    printf("till: %d cents\n", till.notes + till.coins);
    pthread_mutex_unlock(&till.lock);
}

int main(void)
{
    pthread_t thread;

    sem_init(&call, 0, 0);
    sem_init(&change, 0, 0);
    pthread_create(&thread, NULL, cashier, NULL);
    sem_wait(&call);
    look_into_till(); /* on the way to the safe */
    sem_post(&change);
    pthread_join(thread, NULL);
    look_into_till();
    sem_destroy(&call);
    sem_destroy(&change);
    return 0;
}
