/* SPDX-License-Identifier: MIT */
/*
 * wait-for-own-end - a worker closes the shop, which waits until every worker is gone
 *
 * Family:  deadlocks
 * Bug:     close_shop() waits for all the workers, a good thing to do in main(). Here a worker
 *          calls it, the one who sells the last loaf: it waits for its own end.
 * Fix:     a worker only says that it is over; who waits for the workers is none of them.
 * Refs:    POSIX pthread_join(): a thread that joins itself; CWE-833
 * Expect:  gridlock=deadlock tsan=hang
 */
#include <gridlock.h>

#include <stdio.h>

enum { SELLERS = 2, LOAVES = 5 };

static struct shop {
    struct waitgroup sellers;
    pthread_mutex_t lock;
    int loaves; /* under lock */
} shop = {.lock = PTHREAD_MUTEX_INITIALIZER, .loaves = LOAVES};

static void close_shop(void)
{
    waitgroup_wait(&shop.sellers);
    printf("the shop is closed, %d loaves are left\n", shop.loaves);
}

/* How many are left; -1: there was none to sell. */
static int sell(void)
{
    pthread_mutex_lock(&shop.lock);
    int left = shop.loaves > 0 ? --shop.loaves : -1;
    pthread_mutex_unlock(&shop.lock);
    return left;
}

static void seller(void *unused)
{
    int left;

    (void)unused;
    do {
        left = sell();
        if (left == 0) {
            printf("sold out\n");
            close_shop();
        }
    } while (left > 0);
}

int main(void)
{
    for (int i = 0; i < SELLERS; i++)
        waitgroup_go(&shop.sellers, seller, NULL);
    waitgroup_wait(&shop.sellers);
    return 0;
}
