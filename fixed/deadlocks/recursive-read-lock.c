/* SPDX-License-Identifier: MIT */
/*
 * recursive-read-lock - a reader reads again what it is reading, and a writer comes in between
 *
 * Family:  deadlocks
 * Bug:     print_menu() has the price list for reading and calls price(), which read-locks it once
 *          more. Where writers go first, a writer that asks in between stands before the second
 *          read lock, and waits for the first one: neither ever moves. Here the writer comes late.
 * Fix:     lock once: the inner function expects the lock.
 * Refs:    Tu et al., ASPLOS 2019 (the Go project's RWMutex); the RWMutex documentation of Go
 * Expect:  gridlock=silent tsan=silent output="cake 7; tomorrow the cake is 8"
 */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

enum { DISHES = 3 };

static const char *const dishes[DISHES] = {"soup", "fish", "cake"};
static pthread_rwlock_t prices_lock;
static int prices[DISHES] = {5, 20, 7}; /* under prices_lock */

/* Requires: prices_lock is held. */
static int price_locked(int dish)
{
    return prices[dish];
}

static void *print_menu(void *unused)
{
    (void)unused;
    pthread_rwlock_rdlock(&prices_lock); /* all prices of one menu are of one day */
    for (int dish = 0; dish < DISHES; dish++)
        printf("%s %d\n", dishes[dish], price_locked(dish));
    pthread_rwlock_unlock(&prices_lock);
    return NULL;
}

static void *raise_prices(void *unused)
{
    (void)unused;
    usleep(40 * 1000); /* at noon */
    pthread_rwlock_wrlock(&prices_lock);
    for (int dish = 0; dish < DISHES; dish++)
        prices[dish]++;
    pthread_rwlock_unlock(&prices_lock);
    return NULL;
}

int main(void)
{
    pthread_rwlockattr_t attributes;
    pthread_t waiter, owner;

    pthread_rwlockattr_init(&attributes); /* readers come all day, and the owner must get in */
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&prices_lock, &attributes);
    pthread_rwlockattr_destroy(&attributes);

    pthread_create(&waiter, NULL, print_menu, NULL);
    pthread_create(&owner, NULL, raise_prices, NULL);
    pthread_join(waiter, NULL);
    pthread_join(owner, NULL);
    printf("tomorrow the cake is %d\n", prices[2]);
    pthread_rwlock_destroy(&prices_lock);
    return 0;
}
