/* SPDX-License-Identifier: MIT */
/*
 * inconsistent-locking - the counter and the loading ramp change one stock under two locks
 *
 * Family:  data-races
 * Bug:     sell() takes the counter's lock, unload() that of the ramp. Each looks right by itself,
 *          but two different locks do not keep the two apart: both can be at `stock` at once.
 * Fix:     a lock belongs to the data and not to the code: whoever touches `stock` takes
 *          stock_lock.
 * Refs:    CERT CON43-C; CWE-821, CWE-413
 * Expect:  gridlock=silent tsan=data-race
 */
#include <pthread.h>
#include <stdio.h>

enum { DAYS = 500 };

static pthread_mutex_t counter_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t ramp_lock = PTHREAD_MUTEX_INITIALIZER;
static int stock = 1000;
static pthread_barrier_t morning;

static void sell(int crates)
{
    pthread_mutex_lock(&counter_lock);
    stock -= crates;
    pthread_mutex_unlock(&counter_lock);
}

static void unload(int crates)
{
    pthread_mutex_lock(&ramp_lock);
    stock += crates;
    pthread_mutex_unlock(&ramp_lock);
}

static void *counter(void *unused)
{
    (void)unused;
    pthread_barrier_wait(&morning);
    for (int day = 0; day < DAYS; day++)
        sell(2);
    return NULL;
}

static void *ramp(void *unused)
{
    (void)unused;
    pthread_barrier_wait(&morning);
    for (int day = 0; day < DAYS; day++)
        unload(3);
    return NULL;
}

int main(void)
{
    pthread_t threads[2];

    pthread_barrier_init(&morning, NULL, 2);
    pthread_create(&threads[0], NULL, counter, NULL);
    pthread_create(&threads[1], NULL, ramp, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&morning);

    printf("%d crates in stock\n", stock);
    return 0;
}
