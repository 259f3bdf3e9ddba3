/* SPDX-License-Identifier: MIT */
/*
 * lock-scope-too-small - the lock protects finding the painting, not reading its price
 *
 * Family:  data-races
 * Bug:     lot_find() takes the lock, gives it back, and returns a pointer into what the lock
 *          protects. With that, the journalist reads price and bidder while others bid, and may
 *          write down the price of one with the name of the other.
 * Fix:     what leaves the lock is a copy, and not a way around it.
 * Refs:    100 Go Mistakes, number 70; CWE-362; CERT CON43-C
 * Expect:  gridlock=silent tsan=data-race
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { LOTS = 2, BIDS = 200, LOOKS = 200 };

struct lot {
    const char *name;
    int price, bidder; /* bidder n pays 1000 + n */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct lot lots[LOTS] = {{"vase", 10, 0}, {"painting", 1000, 0}}; /* under lock */
static pthread_barrier_t gavel;

static const struct lot *lot_find(const char *name)
{
    const struct lot *found = lots;

    pthread_mutex_lock(&lock);
    for (int i = 0; i < LOTS; i++)
        if (strcmp(lots[i].name, name) == 0)
            found = &lots[i];
    pthread_mutex_unlock(&lock);
    return found;
}

static void bid(struct lot *lot, int bidder)
{
    pthread_mutex_lock(&lock);
    lot->price = 1000 + bidder;
    lot->bidder = bidder;
    pthread_mutex_unlock(&lock);
}

static void *bidders(void *unused)
{
    (void)unused;
    pthread_barrier_wait(&gavel);
    for (int i = 1; i <= BIDS; i++)
        bid(&lots[1], i);
    return NULL;
}

static void *journalist(void *argument)
{
    int *mistakes = argument;
    const struct lot *painting = lot_find("painting");

    pthread_barrier_wait(&gavel);
    for (int i = 0; i < LOOKS; i++) {
        *mistakes += painting->price != 1000 + painting->bidder;
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[2];
    int mistakes = 0;

    pthread_barrier_init(&gavel, NULL, 2);
    pthread_create(&threads[0], NULL, bidders, NULL);
    pthread_create(&threads[1], NULL, journalist, &mistakes);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&gavel);

    printf("sold at %d\n", lots[1].price);
    printf("the journal printed %s\n", mistakes == 0 ? "no mistake" : "nonsense");
    return 0;
}
