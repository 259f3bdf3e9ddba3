/* SPDX-License-Identifier: MIT */
/*
 * limits.c - many threads, many locks, many held, little stack, no descriptors, code that comes late
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/matrix/scenario.h"

enum { MANY_THREADS = 1000, MANY_LOCKS = 100000, MANY_HELD = 200 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t held[MANY_HELD];
static pthread_barrier_t barrier;
static long sum; /* protected by mutex */

/* Small stacks, so that a thousand of them fit anywhere. */
static pthread_t start_small(void *(*function)(void *), void *arg, size_t stack)
{
    pthread_attr_t attr;
    pthread_t thread;

    pthread_attr_init(&attr);
    if (pthread_attr_setstacksize(&attr, stack) != 0 ||
        pthread_create(&thread, &attr, function, arg) != 0)
        fail("pthread_create");
    pthread_attr_destroy(&attr);
    return thread;
}

static void *adds(void *arg)
{
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < 10; i++) {
        pthread_mutex_lock(&mutex);
        sum += (intptr_t)arg;
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

/* A thousand threads at once. */
static void threads_1000(void)
{
    static pthread_t threads[MANY_THREADS];

    pthread_barrier_init(&barrier, NULL, MANY_THREADS);
    for (int i = 0; i < MANY_THREADS; i++)
        threads[i] = start_small(adds, (void *)(intptr_t)i, 65536);
    for (int i = 0; i < MANY_THREADS; i++)
        join(threads[i]);
    printf("%ld\n", sum);
}

/* Five thousand threads one after the other: what one leaves behind the next must not pay. */
static void threads_one_after_another(void)
{
    pthread_barrier_init(&barrier, NULL, 1);
    for (int i = 0; i < 5000; i++)
        join(start(adds, (void *)(intptr_t)1));
    printf("%ld\n", sum);
}

static void *waits_at_barrier(void *arg)
{
    pthread_barrier_wait(&barrier);
    return arg;
}

/* 100,000 live mutexes, each locked, once below another one; a second thread is alive. */
static void mutexes_100000(void)
{
    pthread_mutex_t *many = malloc(MANY_LOCKS * sizeof(*many));
    pthread_t thread;

    pthread_barrier_init(&barrier, NULL, 2);
    thread = start(waits_at_barrier, NULL);
    for (int i = 0; i < MANY_LOCKS; i++)
        pthread_mutex_init(&many[i], NULL);
    for (int i = 0; i < MANY_LOCKS; i++) {
        pthread_mutex_lock(&mutex);
        pthread_mutex_lock(&many[i]);
        pthread_mutex_unlock(&many[i]);
        pthread_mutex_unlock(&mutex);
    }
    for (int i = 0; i < MANY_LOCKS; i++)
        pthread_mutex_destroy(&many[i]);
    free(many);
    pthread_barrier_wait(&barrier);
    join(thread);
}

static void *adds_one(void *arg)
{
    pthread_mutex_t *many = arg;

    for (int i = 0; i < MANY_LOCKS; i += 1000) {
        pthread_mutex_lock(&many[i]);
        pthread_mutex_unlock(&many[i]);
    }
    return NULL;
}

/* 100,000 locked at once; 2,000 of them by one thread. */
static void mutexes_100000_held(void)
{
    pthread_mutex_t *many = malloc(MANY_LOCKS * sizeof(*many));

    for (int i = 0; i < MANY_LOCKS; i++)
        pthread_mutex_init(&many[i], NULL);
    for (int i = 0; i < 2000; i++)
        pthread_mutex_lock(&many[i]);
    for (int i = 2000; i-- > 0;)
        pthread_mutex_unlock(&many[i]);
    join(start(adds_one, many));
    free(many);
}

static void *holds_200(void *arg)
{
    for (int i = 0; i < MANY_HELD; i++)
        pthread_mutex_lock(&held[i]);
    for (int i = 0; i < MANY_HELD; i++)
        pthread_mutex_unlock(&held[i]);
    return arg;
}

static void make_held(void)
{
    for (int i = 0; i < MANY_HELD; i++)
        pthread_mutex_init(&held[i], NULL);
}

/* 200 locks held at once, by two threads, in one order. */
static void held_200(void)
{
    pthread_t first, other;

    make_held();
    first = start(holds_200, NULL);
    other = start(holds_200, NULL);
    join(first);
    join(other);
}

static void *takes_last_two_backwards(void *arg)
{
    await(1);
    pthread_mutex_lock(&held[MANY_HELD - 1]);
    pthread_mutex_lock(&held[MANY_HELD - 2]);
    pthread_mutex_unlock(&held[MANY_HELD - 2]);
    pthread_mutex_unlock(&held[MANY_HELD - 1]);
    return arg;
}

/* The wrong pair is at the very end of the 200. */
static void held_200_finding(void)
{
    pthread_t thread;

    make_held();
    thread = start(takes_last_two_backwards, NULL);
    holds_200(NULL);
    reach(1);
    join(thread);
}

/* ---------------------------------------------------------------- little room */

static void *nests_on_small_stack(void *arg)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&mutex);
    return arg;
}

static void *nests_backwards(void *arg)
{
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    pthread_mutex_unlock(&second);
    return arg;
}

/* Threads on the smallest stack there is (16 KiB): a wrapper may not need much of it. */
static void small_stacks(void)
{
    for (int i = 0; i < 20; i++)
        join(start_small(nests_on_small_stack, NULL, PTHREAD_STACK_MIN));
}

typedef void *(*thread_function)(void *);

/* Two threads live together, but the second begins when the first has done: no hang in this run. */
static void *goes_first(void *function)
{
    (*(thread_function *)function)(NULL);
    reach(1);
    await(2);
    return NULL;
}

static void *goes_second(void *function)
{
    await(1);
    (*(thread_function *)function)(NULL);
    reach(2);
    return NULL;
}

/* A finding, too, is made on the thread's own small stack. */
static void small_stacks_finding(void)
{
    thread_function forward = nests_on_small_stack, backward = nests_backwards;
    pthread_t first = start_small(goes_first, &forward, PTHREAD_STACK_MIN);
    pthread_t other = start_small(goes_second, &backward, PTHREAD_STACK_MIN);

    join(first);
    join(other);
}

static void no_more_descriptors(void)
{
    if (setrlimit(RLIMIT_NOFILE, &(struct rlimit){0, 0}) != 0)
        fail("setrlimit");
}

static void no_descriptors(void)
{
    no_more_descriptors();
    small_stacks();
}

/* The report cannot open anything any more. */
static void no_descriptors_hang(void)
{
    no_more_descriptors();
    pthread_mutex_lock(&mutex);
    pthread_mutex_lock(&mutex);
}

/* 64 MiB more than is used now: memory of the detector's own must be frugal, and a failing mmap of
 * its must not be the program's end. */
static void little_memory(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = 0;
    rlim_t limit;

    if (file == NULL || fscanf(file, "%ld", &pages) != 1)
        fail("statm");
    fclose(file);
    limit = pages * sysconf(_SC_PAGESIZE) + (64L << 20);
    if (setrlimit(RLIMIT_AS, &(struct rlimit){limit, limit}) != 0)
        fail("setrlimit");
    mutexes_100000();
    held_200();
    small_stacks();
}

/* ---------------------------------------------------------------- code that comes late */

static void *load(thread_function *forward, thread_function *backward)
{
    void *plugin = dlopen(PLUGIN_PATH, RTLD_NOW | RTLD_LOCAL);

    if (plugin == NULL)
        fail(dlerror());
    *forward = (thread_function)dlsym(plugin, "plugin_forward");
    *backward = (thread_function)dlsym(plugin, "plugin_backward");
    return plugin;
}

/* A plugin with locks of its own, loaded and unloaded; its locks come back at the same addresses as
 * new locks, and are taken in the other order. */
static void plugin_reloaded(void)
{
    thread_function forward, backward;

    for (int i = 0; i < 10; i++) {
        void *plugin = load(&forward, &backward);

        join(start(i % 2 == 0 ? forward : backward, NULL));
        dlclose(plugin);
    }
}

/* Both orders in one life of the plugin; it is gone when the report is written. */
static void plugin_finding(void)
{
    thread_function forward, backward;
    void *plugin = load(&forward, &backward);
    pthread_t first = start(goes_first, &forward), other = start(goes_second, &backward);

    join(first);
    join(other);
    dlclose(plugin);
}

const struct scenario scenarios[] = {
    {"threads-1000", threads_1000},
    {"threads-one-after-another", threads_one_after_another},
    {"mutexes-100000", mutexes_100000},
    {"mutexes-100000-held", mutexes_100000_held},
    {"held-200", held_200},
    {"held-200-finding", held_200_finding},
    {"small-stacks", small_stacks},
    {"small-stacks-finding", small_stacks_finding},
    {"no-descriptors", no_descriptors},
    {"no-descriptors-hang", no_descriptors_hang},
    {"little-memory", little_memory},
    {"plugin", plugin_reloaded},
    {"plugin-finding", plugin_finding},
    {NULL, NULL},
};
