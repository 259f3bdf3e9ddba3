/* SPDX-License-Identifier: MIT */
/*
 * loop-variable-capture - every cook gets the address of the same loop variable
 *
 * Family:  lifetime
 * Bug:     go() passes a pointer. All three cooks get the address of `table`, which main() changes
 *          while they read it: one table gets two meals, another none, and often all are for a
 *          table that does not exist. It is a data race as well.
 * Fix:     give each goroutine a variable of its own that lives as long as it does: an element of
 *          an array.
 * Refs:    100 Go Mistakes, number 63; Tu et al., ASPLOS 2019
 * Expect:  gridlock=silent tsan=data-race
 */
#include <gridlock.h>

#include <stdio.h>

enum { TABLES = 3 };

static struct restaurant {
    struct waitgroup cooks;
    pthread_mutex_t lock;
    int meals[TABLES + 2]; /* by table, which begin at 1; under lock */
} restaurant = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void cook(void *arg)
{
    int table = *(int *)arg;

    pthread_mutex_lock(&restaurant.lock);
    restaurant.meals[table]++;
    pthread_mutex_unlock(&restaurant.lock);
}

int main(void)
{
    int table;

    for (table = 1; table <= TABLES; table++)
        waitgroup_go(&restaurant.cooks, cook, &table);
    waitgroup_wait(&restaurant.cooks);
    for (int i = 1; i <= TABLES; i++)
        printf("table %d: got %d\n", i, restaurant.meals[i]);
    return 0;
}
