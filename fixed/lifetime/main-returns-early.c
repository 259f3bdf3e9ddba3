/* SPDX-License-Identifier: MIT */
/*
 * main-returns-early - the bakery closes while the cakes are in the oven
 *
 * Family:  lifetime
 * Bug:     main() starts three goroutines and returns. The process ends with main(), whatever the
 *          others are doing: no error, no message, and no cake. In a test, where main() has more to
 *          do, it goes well.
 * Fix:     wait for what you started, here with a WaitGroup. Plain pthreads: pthread_join().
 * Refs:    100 Go Mistakes, number 62; Tu et al., ASPLOS 2019; CERT CON04-C
 * Expect:  gridlock=silent tsan=silent output="3 cakes are in the oven; 3 of 3 cakes are sold"
 */
#include <gridlock.h>

#include <stdio.h>

enum { CAKES = 3 };

static struct bakery {
    struct waitgroup baking;
    pthread_mutex_t lock;
    int sold; /* under lock */
} bakery = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void bake(void *unused)
{
    (void)unused;
    time_sleep(60 * MILLISECOND);
    pthread_mutex_lock(&bakery.lock);
    bakery.sold++;
    pthread_mutex_unlock(&bakery.lock);
}

static void print_sales(void)
{
    pthread_mutex_lock(&bakery.lock);
    printf("%d of %d cakes are sold\n", bakery.sold, CAKES);
    pthread_mutex_unlock(&bakery.lock);
}

int main(void)
{
    for (int i = 0; i < CAKES; i++)
        waitgroup_go(&bakery.baking, bake, NULL);
    printf("%d cakes are in the oven\n", CAKES);
    waitgroup_wait(&bakery.baking);
    print_sales();
    return 0;
}
