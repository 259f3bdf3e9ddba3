/* SPDX-License-Identifier: MIT */
/*
 * safe-counter - 100 goroutines add 1000 each, and the total must be 100000, each time
 *
 * Family:  patterns
 * Bug:     no lock. Each goroutine reads, adds and writes; two that read the same number lose one.
 *          Most repetitions are right all the same, so a test that runs once proves little: repeat
 *          it, and let ThreadSanitizer look, which needs no bad luck.
 * Fix:     the number and its lock are one thing, and the function that adds takes the lock.
 * Refs:    CERT CON43-C; CWE-366; 100 Go Mistakes, number 58
 * Expect:  gridlock=silent tsan=data-race
 */
#include <gridlock.h>

#include <stdio.h>
#include <stdlib.h>

enum { GOROUTINES = 100, INCREMENTS = 1000, TOTAL = GOROUTINES * INCREMENTS };

struct counter {
    pthread_mutex_t lock;
    int value; /* under lock */
};

static void counter_add(struct counter *counter)
{
    counter->value++;
}

static void count(void *arg)
{
    struct counter *counter = arg;

    for (int i = 0; i < INCREMENTS; i++)
        counter_add(counter);
}

/* Starts them all, waits for them all, and says what was counted. */
static int count_together(void)
{
    struct counter counter = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct waitgroup counting = WAITGROUP_INIT;

    for (int i = 0; i < GOROUTINES; i++)
        waitgroup_go(&counting, count, &counter);
    waitgroup_wait(&counting);
    pthread_mutex_destroy(&counter.lock);
    return counter.value;
}

/* safe-counter [REPETITIONS] */
int main(int argc, char **argv)
{
    int repetitions = argc > 1 ? atoi(argv[1]) : 3, right = 0;

    for (int i = 0; i < repetitions; i++)
        right += count_together() == TOTAL;
    printf("%d counted in %d of %d repetitions\n", TOTAL, right, repetitions);
    if (right < repetitions)
        puts("some were lost");
    return 0;
}
