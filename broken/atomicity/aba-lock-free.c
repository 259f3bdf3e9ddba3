/* SPDX-License-Identifier: MIT */
/*
 * aba-lock-free - a parking space is free again, so it looks as if nobody had come
 *
 * Family:  atomicity
 * Bug:     enter() takes the top of a stack of free spaces with one compare-and-exchange: it looks
 *          whether the top is still the same. While Ann hesitates, Bob and Cem drive in and Bob
 *          leaves: the top is the same, what is below is not, and Cem's space is given away again.
 * Fix:     a version beside the number, which every change moves on: the same space again is
 *          another top.
 * Refs:    CERT CON09-C; Treiber, IBM RJ 5118 (1986)
 * Expect:  gridlock=silent tsan=silent output="some cars share a space"
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

enum { SPACES = 4 };

/* The free spaces, a stack: `top` is the first one, below[i] comes after i; 0 is none. */
static atomic_uint top = 1;
static atomic_uint below[SPACES + 1] = {0, 2, 3, 4, 0};
static pthread_barrier_t ann_looks, others_done;

static unsigned enter(bool slow)
{
    unsigned old = top, next;

    do {
        next = below[old];
        if (slow) { /* Ann looks for her glasses */
            pthread_barrier_wait(&ann_looks);
            pthread_barrier_wait(&others_done);
            slow = false;
        }
    } while (!atomic_compare_exchange_weak(&top, &old, next));
    return (unsigned)old;
}

static void leave(unsigned space)
{
    unsigned old = top;

    do
        below[space] = (unsigned)old;
    while (!atomic_compare_exchange_weak(&top, &old, space));
}

static void *ann(void *space)
{
    *(unsigned *)space = enter(true);
    return NULL;
}

int main(void)
{
    unsigned anns, bobs, cems, doras;
    pthread_t thread;

    pthread_barrier_init(&ann_looks, NULL, 2);
    pthread_barrier_init(&others_done, NULL, 2);
    pthread_create(&thread, NULL, ann, &anns);
    pthread_barrier_wait(&ann_looks);
    bobs = enter(false);
    cems = enter(false);
    leave(bobs);
    pthread_barrier_wait(&others_done);
    pthread_join(thread, NULL);
    doras = enter(false);

    printf("Ann %u, Bob %u, Cem %u, Dora %u\n", anns, bobs, cems, doras);
    puts(cems == doras ? "some cars share a space" : "every car has its space");
    return 0;
}
