/* SPDX-License-Identifier: MIT */
/*
 * async-cancel-or-kill - the stock-taker is cancelled in the middle of a shelf, with the key
 *
 * Family:  context
 * Bug:     the shop opens, so main() ends the stock-taking with pthread_cancel(). The thread may
 *          be cancelled anywhere, also between lock and unlock, and there it mostly is: the lock
 *          stays locked by a thread that is no more, and a shelf is half counted.
 * Fix:     ask, do not kill: a flag, at which the thread looks where it holds nothing and all is in
 *          order.
 * Refs:    CERT POS47-C; CWE-667
 * Expect:  gridlock=silent tsan=silent output="the shop opens"
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

enum { SHELVES = 10 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int stock[SHELVES]; /* under lock */
static sem_t begun;
static atomic_int opening;

static void count_shelf(int shelf)
{
    nanosleep(&(struct timespec){.tv_nsec = 2 * 1000 * 1000}, NULL);
    stock[shelf]++;
}

/* Counts all shelves, again and again. */
static void *take_stock(void *unused)
{
    while (!opening) {
        pthread_mutex_lock(&lock);
        sem_post(&begun);
        for (int shelf = 0; shelf < SHELVES; shelf++)
            count_shelf(shelf);
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

int main(void)
{
    pthread_t thread;

    sem_init(&begun, 0, 0);
    pthread_create(&thread, NULL, take_stock, NULL);
    sem_wait(&begun);
    opening = 1;
    pthread_join(thread, NULL);
    if (pthread_mutex_trylock(&lock) == 0)
        puts("the shop opens");
    else
        puts("nobody has the key to the shelves");
    sem_destroy(&begun);
    return 0;
}
