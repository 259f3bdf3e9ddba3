/* SPDX-License-Identifier: MIT */
/*
 * livelock-trylock - two polite people in a corridor step aside, together, for ever
 *
 * Family:  deadlocks
 * Bug:     each takes one side of the corridor, tries the other side, and gives up its own when it
 *          is taken. No lock is held for long and nobody blocks; but both do the same at the same
 *          time, so that both fail, and try again. No tool sees anything wrong with that.
 * Fix:     break the symmetry: take turns in giving way (or wait a random time, or keep one order).
 * Refs:    CWE-835
 * Expect:  gridlock=silent tsan=silent output="rounds lost by Bob: 100, then lost patience"
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

enum { PEOPLE = 2, PATIENCE = 100 };

static struct person {
    const char *name;
    int side; /* where it walks; it needs both sides to pass */
    int lost; /* rounds without getting through */
    bool passed;
} people[PEOPLE] = {{"Ann", 0, 0, false}, {"Bob", 1, 0, false}};

static pthread_mutex_t sides[PEOPLE] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static pthread_barrier_t step; /* both walk at the same pace */

/* Who goes first in this round, and who waits for the next one? */
static bool gives_way(const struct person *person, int round)
{
    (void)person, (void)round;
    return false;
}

static void walk(struct person *person, int round)
{
    pthread_mutex_t *own = &sides[person->side], *other = &sides[1 - person->side];
    bool tries = !person->passed && !gives_way(person, round);

    if (tries)
        pthread_mutex_lock(own);
    pthread_barrier_wait(&step);
    if (tries && pthread_mutex_trylock(other) == 0) {
        person->passed = true;
        pthread_mutex_unlock(other);
    }
    person->lost += !person->passed;
    pthread_barrier_wait(&step);
    if (tries)
        pthread_mutex_unlock(own);
}

static void *walker(void *argument)
{
    for (int round = 0; round < PATIENCE; round++)
        walk(argument, round);
    return NULL;
}

int main(void)
{
    pthread_t threads[PEOPLE];

    pthread_barrier_init(&step, NULL, PEOPLE);
    for (int i = 0; i < PEOPLE; i++)
        pthread_create(&threads[i], NULL, walker, &people[i]);
    for (int i = 0; i < PEOPLE; i++) {
        pthread_join(threads[i], NULL);
        printf("rounds lost by %s: %d, then %s\n", people[i].name, people[i].lost,
               people[i].passed ? "passed" : "lost patience");
    }
    pthread_barrier_destroy(&step);
    return 0;
}
