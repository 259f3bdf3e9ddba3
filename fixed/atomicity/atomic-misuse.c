/* SPDX-License-Identifier: MIT */
/*
 * atomic-misuse - an atomic jar, and coins that are lost all the same
 *
 * Family:  atomicity
 * Bug:     `jar = with(jar, coins)` loads the jar and stores it: two atomic operations, and anybody
 *          may come in between. What he put in is overwritten. `jar = jar + coins` is the same,
 *          only faster. No data race: all accesses are atomic.
 * Fix:     one operation: `jar += coins` on an atomic is a single read-modify-write. Where there is
 *          none for the job, a loop of compare-and-exchange.
 * Refs:    CERT CON40-C; CERT CON07-C
 * Expect:  gridlock=silent tsan=silent output="2 guests gave 50 each; the jar holds 100"
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { GUESTS = 2, GIFT = 50 };

static atomic_int jar;
static pthread_barrier_t at_the_jar;

/* Puts the coins to those in the jar, one by one, which takes a while: meanwhile the other guest
 * comes. */
static int with(int sum, int coins)
{
    while (coins-- > 0)
        sum++;
    pthread_barrier_wait(&at_the_jar);
    return sum;
}

static void *guest(void *unused)
{
    (void)unused;
    jar += with(0, GIFT);
    return NULL;
}

int main(void)
{
    pthread_t guests[GUESTS];

    pthread_barrier_init(&at_the_jar, NULL, GUESTS);
    for (int i = 0; i < GUESTS; i++)
        pthread_create(&guests[i], NULL, guest, NULL);
    for (int i = 0; i < GUESTS; i++)
        pthread_join(guests[i], NULL);
    pthread_barrier_destroy(&at_the_jar);

    printf("%d guests gave %d each\n", GUESTS, GIFT);
    printf("the jar holds %d\n", jar);
    return 0;
}
