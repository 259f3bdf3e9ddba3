/* SPDX-License-Identifier: MIT */
/*
 * main.c - which measurements are there, and how is one of them run?
 *
 *   bench --list             one line a measurement: name|label|aim|limit|unit
 *   bench NAME [DIVISOR]     runs one sample; prints ns per operation and the peak memory in KiB
 *
 * 1. A process measures one thing once: nothing that an earlier measurement left in a cache, in the
 *    heap or in a detector's graph can change a later one. bench/run repeats and compares.
 * 2. A second thread is alive throughout. Without it glibc takes a short-cut (SINGLE_THREAD_P) that
 *    no threaded program ever sees, and that makes every detector look worse than it is.
 * 3. The counts give samples of 50 to 100 ms on a machine of 2023. DIVISOR divides them, for tools
 *    that are a thousand times slower.
 *
 * `aim` and `limit` are ratios to native, or nanoseconds where the unit says ns; "-" is none.
 */
#include "bench/bench.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct measure {
    const char *name, *label, *aim, *limit, *unit;
    measure_fn *run;
    long count;
} measures[] = {
    {"lock", "lock + unlock, nothing else held", "1.15", "1.6", "x", lock_unlock, 10000000},
    {"nested", "nested pair", "1.15", "1.6", "x", nested_pair, 5000000},
    {"depth8", "8 locks, one inside the other", "1.5", "2", "x", depth_8, 1000000},
    {"pairs-warm", "1,000 locks, 20,000 ordered pairs, warm", "-", "5", "x", pairs_warm, 4000000},
    {"pairs-cold", "1,000 locks, 20,000 ordered pairs, cold", "-", "500", "ns", pairs_cold, 20000},
    {"all-warm", "1,000 locks, 400,000 ordered pairs, warm", "-", "-", "x", pairs_warm_all,
     4000000},
    {"all-cold", "1,000 locks, 400,000 ordered pairs, cold", "-", "-", "ns", pairs_cold_dense,
     400000},
    {"life", "mutex made, locked once, destroyed", "-", "1.1", "x", mutex_life, 5000000},
    {"live", "100,000 mutexes locked once and kept", "-", "-", "x", mutex_live, 6000000},
    {"contended", "two threads, one lock", "-", "1.5", "x", one_lock, 3000000},
    {"own", "two threads, a nested pair each", "-", "-", "x", own_locks, 8000000},
    {"recursive", "recursive mutex, locked twice", "-", "-", "x", recursive_lock, 4000000},
    {"trylock", "trylock + unlock", "-", "-", "x", try_lock, 10000000},
    {"spin", "spin lock + unlock", "-", "-", "x", spin_lock, 12000000},
    {"read", "rwlock, read", "-", "1.5", "x", rwlock_read, 8000000},
    {"write", "rwlock, write", "-", "-", "x", rwlock_write, 8000000},
    {"sem", "semaphore, post + wait", "-", "-", "x", semaphore, 8000000},
    {"ping-pong", "condition ping-pong", "-", "1.05", "x", ping_pong, 3000},
    {"create", "thread create + join", "-", "-", "x", create_join, 2000},
    {"thousand", "1,000 threads alive, each locking", "-", "-", "x", many_threads, 1000},
    {"malloc", "malloc + free of 64 bytes", "-", "-", "x", blocks, 6000000},
    {"small", "a small program of 4 threads", "-", "-", "x", small_program, 200000},
};

void must(int error, const char *what)
{
    if (error) {
        fprintf(stderr, "bench: %s: %s\n", what, strerror(error));
        exit(1);
    }
}

static void *stay_alive(void *end)
{
    while (sem_wait(end))
        continue;
    return NULL;
}

/* Peak resident memory in KiB. Not getrusage: its peak survives exec, so it may be the parent's. */
static long peak_kib(void)
{
    char line[128];
    long kib = 0;
    FILE *status = fopen("/proc/self/status", "r");

    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %ld", &kib) == 1)
            break;
    if (status)
        fclose(status);
    return kib;
}

static int list(void)
{
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
        printf("%s|%s|%s|%s|%s\n", measures[i].name, measures[i].label, measures[i].aim,
               measures[i].limit, measures[i].unit);
    return 0;
}

static int run(const struct measure *m, long divisor)
{
    long count = m->count / divisor > 10 ? m->count / divisor : 10;
    pthread_t second;
    uint64_t took;
    sem_t end;

    sem_init(&end, 0, 0);
    must(pthread_create(&second, NULL, stay_alive, &end), "pthread_create");
    took = m->run(count);
    sem_post(&end);
    must(pthread_join(second, NULL), "pthread_join");
    sem_destroy(&end);
    printf("%.2f %ld\n", (double)took / (double)count, peak_kib());
    return 0;
}

int main(int argc, char **argv)
{
    long divisor = argc > 2 ? atol(argv[2]) : 1;

    if (argc > 1 && !strcmp(argv[1], "--list"))
        return list();
    for (size_t i = 0; argc > 1 && divisor > 0 && i < sizeof measures / sizeof *measures; i++)
        if (!strcmp(argv[1], measures[i].name))
            return run(&measures[i], divisor);
    fprintf(stderr, "usage: bench --list | bench NAME [DIVISOR]\n");
    return 2;
}
