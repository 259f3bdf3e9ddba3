/* SPDX-License-Identifier: MIT */
/*
 * mixed-atomic-plain - the counters are atomic, the copy of the struct that holds them is not
 *
 * Family:  data-races
 * Bug:     each worker counts with an atomic ++. The monitor takes them all at once, by copying
 *          the struct: that is a plain copy, byte by byte, whatever its members are. One plain
 *          access is enough to make a data race.
 * Fix:     load each member: that is atomic again. (The two may belong to different moments; where
 *          they must agree, a lock is needed.)
 * Refs:    CERT CON43-C; C11 5.1.2.4 (data races), 7.17 (atomics)
 * Expect:  gridlock=silent tsan=data-race
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { WORKERS = 2, REQUESTS = 1000, LOOKS = 100 };

static struct statistics {
    atomic_int served, failed;
} statistics;

static pthread_barrier_t opening;

static void *worker(void *unused)
{
    (void)unused;
    pthread_barrier_wait(&opening);
    for (int i = 0; i < REQUESTS; i++) {
        statistics.served++;
        if (i % 10 == 0)
            statistics.failed++;
    }
    return NULL;
}

static void *monitor(void *argument)
{
    int *most = argument;

    pthread_barrier_wait(&opening);
    for (int i = 0; i < LOOKS; i++) {
        struct statistics now = statistics;

        if (now.served - now.failed > *most)
            *most = now.served - now.failed;
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[WORKERS + 1];
    int most = 0;

    pthread_barrier_init(&opening, NULL, WORKERS + 1);
    for (int i = 0; i < WORKERS; i++)
        pthread_create(&threads[i], NULL, worker, NULL);
    pthread_create(&threads[WORKERS], NULL, monitor, &most);
    for (int i = 0; i <= WORKERS; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&opening);

    printf("the monitor saw up to %d good ones\n", most);
    printf("%d requests served, %d of them failed\n", statistics.served, statistics.failed);
    return 0;
}
