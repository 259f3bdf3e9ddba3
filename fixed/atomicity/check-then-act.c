/* SPDX-License-Identifier: MIT */
/*
 * check-then-act - a seat is free when two customers ask, and is sold to both
 *
 * Family:  atomicity
 * Bug:     each function takes the lock, so no access is a data race and no tool has anything to
 *          say. But between is_free() and sell() the lock is free, and what the first one said
 *          need not hold any more. While both customers look for their purses, it does not.
 * Fix:     look again under the lock that sells: the check and the act are one critical section.
 * Refs:    CERT CON07-C, CERT CON08-C; CWE-362; Lu et al., ASPLOS 2008 (atomicity violations)
 * Expect:  gridlock=silent tsan=silent output="1 tickets sold for 1 seat"
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

enum { CUSTOMERS = 2 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool sold;   /* the last seat; under lock */
static int tickets; /* under lock */

static pthread_barrier_t purses; /* it takes a while to find them */

static bool is_free(void)
{
    pthread_mutex_lock(&lock);
    bool free = !sold;
    pthread_mutex_unlock(&lock);
    return free;
}

/* False: somebody was faster. */
static bool sell(void)
{
    pthread_mutex_lock(&lock);
    bool free = !sold;
    if (free)
        tickets++;
    sold = true;
    pthread_mutex_unlock(&lock);
    return free;
}

static void *customer(void *argument)
{
    const char **answer = argument;
    bool seen_free = is_free();

    pthread_barrier_wait(&purses);
    *answer = "sorry, all gone";
    if (seen_free && sell())
        *answer = "enjoy the film";
    return NULL;
}

int main(void)
{
    const char *answers[CUSTOMERS];
    pthread_t threads[CUSTOMERS];

    pthread_barrier_init(&purses, NULL, CUSTOMERS);
    for (int i = 0; i < CUSTOMERS; i++)
        pthread_create(&threads[i], NULL, customer, &answers[i]);
    for (int i = 0; i < CUSTOMERS; i++) {
        pthread_join(threads[i], NULL);
        printf("customer %d: %s\n", i + 1, answers[i]);
    }
    pthread_barrier_destroy(&purses);
    printf("%d tickets sold for 1 seat\n", tickets);
    return 0;
}
