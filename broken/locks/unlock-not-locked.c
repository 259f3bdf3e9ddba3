/* SPDX-License-Identifier: MIT */
/*
 * unlock-not-locked - the error path unlocks, and then falls through to the unlock for everybody
 *
 * Family:  locks
 * Bug:     book() gives the lock back when the train is full, and then runs on to the common end
 *          that gives it back again. Nothing seems to happen, as long as nobody else is there; else
 *          the second unlock opens the lock of another clerk, in the midst of his work.
 * Fix:     one lock, one unlock, on one path: the error path only decides, the end unlocks.
 * Refs:    CWE-832, CWE-765
 * Expect:  gridlock=unlock-not-locked tsan=unlock-of-an-unlocked-mutex
 */
#include <pthread.h>
#include <stdio.h>

struct train {
    const char *name;
    pthread_mutex_t lock;
    int free; /* seats; under lock */
};

static struct train trains[] = {
    {"the night train", PTHREAD_MUTEX_INITIALIZER, 3},
    {"the early train", PTHREAD_MUTEX_INITIALIZER, 40},
};

/* How many seats were booked: all or none. */
static int book(struct train *train, int seats)
{
    int booked = seats;

    pthread_mutex_lock(&train->lock);
    if (train->free < seats) {
        booked = 0;
        pthread_mutex_unlock(&train->lock);
    } else {
        train->free -= seats;
    }
    pthread_mutex_unlock(&train->lock);
    return booked;
}

static void *clerk(void *argument)
{
    struct train *train = argument;

    printf("%s: %d seats of 2\n", train->name, book(train, 2));
    printf("%s: %d seats of 5\n", train->name, book(train, 5));
    return NULL;
}

int main(void)
{
    pthread_t clerks[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&clerks[i], NULL, clerk, &trains[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(clerks[i], NULL);
    for (int i = 0; i < 2; i++)
        printf("%s has %d free seats\n", trains[i].name, trains[i].free);
    return 0;
}
