/* SPDX-License-Identifier: MIT */
/*
 * relaxed-publication - "the letters are there" may arrive before the letters
 *
 * Family:  data-races
 * Bug:     `delivered` is atomic, so reading it is no race. But with memory_order_relaxed it orders
 *          nothing but itself: the letters, written before it, need not be seen by who sees it.
 *          An x86 processor happens to keep that order; the compiler need not, and ARM does not.
 * Fix:     a release store and an acquire load: who sees the flag sees all that was written before
 *          it. (The default of C's atomics is at least that strong.)
 * Refs:    C11 7.17.3 (order and consistency); CWE-821; CERT CON43-C
 * Expect:  gridlock=silent tsan=data-race
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

enum { LETTERS = 20 };

static int stamps[LETTERS]; /* the postman's until delivered, then the reader's */
static atomic_bool delivered;

static void *postman(void *unused)
{
    (void)unused;
    for (int i = 0; i < LETTERS; i++)
        stamps[i] = i + 1;
    atomic_store_explicit(&delivered, true, memory_order_relaxed);
    return NULL;
}

static void *reader(void *unused)
{
    int sum = 0;

    (void)unused;
    while (!atomic_load_explicit(&delivered, memory_order_relaxed))
        sched_yield();
    for (int i = 0; i < LETTERS; i++)
        sum += stamps[i];
    printf("%d letters, %d stamps\n", LETTERS, sum);
    return NULL;
}

int main(void)
{
    pthread_t threads[2];

    pthread_create(&threads[0], NULL, reader, NULL);
    pthread_create(&threads[1], NULL, postman, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    return 0;
}
