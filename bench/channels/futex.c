/* SPDX-License-Identifier: MIT */
/*
 * futex.c - how fast could it be at all? Two threads that wake each other, and do nothing else
 *
 *   futex ping-pong 0 COUNT      prints the nanoseconds one way
 *
 * No queue, no lock: one word says whose turn it is, and who waits sleeps in the kernel. A
 * rendezvous of two sleeping threads cannot be faster than this, only avoid the sleep.
 */
#include "detector/core/sys.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile int turn;
static long turns;

static void play(int mine)
{
    for (long i = 0; i < turns; i++) {
        while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) != mine)
            sys_futex_wait(&turn, !mine, -1);
        __atomic_store_n(&turn, !mine, __ATOMIC_RELEASE);
        sys_futex_wake(&turn, 1);
    }
}

static void *play_second(void *unused)
{
    play(1);
    return unused;
}

int main(int argc, char **argv)
{
    long count = argc == 4 && !strcmp(argv[1], "ping-pong") ? atol(argv[3]) : 0;
    pthread_t second;
    int64_t start = sys_now();

    if (!count)
        return 0; /* prints nothing: it has no queue */
    turns = count / 2;
    if (pthread_create(&second, NULL, play_second, NULL))
        return 1;
    play(0);
    pthread_join(second, NULL);
    printf("%.2f\n", (double)(sys_now() - start) / (double)count);
    return 0;
}
