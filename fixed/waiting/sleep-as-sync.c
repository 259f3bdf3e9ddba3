/* SPDX-License-Identifier: MIT */
/*
 * sleep-as-sync - main() sleeps a little instead of waiting for the sum
 *
 * Family:  waiting
 * Bug:     20 ms are enough, on this machine, today. Nothing tells main() that the sum is ready,
 *          and nothing tells the compiler and the processor that it must be visible: a sleep orders
 *          nothing. On a busy machine the receipt is printed with a part of the sum.
 * Fix:     wait for the event itself: here the end of the thread.
 * Refs:    Go 101, "Common Concurrent Programming Mistakes"
 * Expect:  gridlock=silent tsan=silent output="that makes 42, please"
 */
#include <pthread.h>
#include <stdio.h>

enum { ITEMS = 4 };

static struct receipt {
    int prices[ITEMS];
    int sum; /* written by add_up(), then read by main() */
} receipt = {.prices = {5, 20, 7, 10}};

static void *add_up(void *unused)
{
    (void)unused;
    for (int i = 0; i < ITEMS; i++)
        receipt.sum += receipt.prices[i];
    return NULL;
}

int main(void)
{
    pthread_t till;

    pthread_create(&till, NULL, add_up, NULL);
    pthread_join(till, NULL);
    printf("that makes %d, please\n", receipt.sum);
    return 0;
}
