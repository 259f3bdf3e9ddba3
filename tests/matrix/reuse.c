/* SPDX-License-Identifier: MIT */
/*
 * reuse.c - is a new lock at an old address taken for the old one?
 *
 *     reuse heap|stack|map|heap-kept|stack-kept KIND
 *
 * 1. Make two locks; thread 1 takes them, lower address first.
 * 2. Let go of their memory as the mode says, and make two locks at the same two addresses
 *    (checked: a run in which they move would prove nothing). The -kept modes keep the first two.
 * 3. Thread 2 takes them, higher address first. Only for the -kept modes is that the other order.
 *
 * Both threads live from start to end and are told what to do through atomics, so that no create
 * or join puts the two steps in order. Kinds with static initialisers, and the C++ classes, let no
 * one see the end of a lock's life: no destroy call is made for "static" and its like.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kinds.h"

struct pair {
    union lock_store low, high;
};

static const struct kind *kind;
static uintptr_t frame; /* where in_frame() had its locks the last time */

/* Job n is for thread n; 0 is none, -1 ends both. */
static atomic_int job;
static _Atomic(struct pair *) job_pair;

static void take_both(union lock_store *first, union lock_store *second)
{
    kind->lock(first);
    kind->lock(second);
    kind->unlock(second);
    kind->unlock(first);
}

static void *worker(void *arg)
{
    int me = (int)(intptr_t)arg;
    int now;

    while ((now = atomic_load(&job)) != -1) {
        struct pair *p = atomic_load(&job_pair);

        if (now == me && me == 1)
            take_both(&p->low, &p->high);
        else if (now == me)
            take_both(&p->high, &p->low);
        if (now == me)
            atomic_store(&job, 0);
        usleep(200);
    }
    return NULL;
}

static void have_done(int thread, struct pair *p)
{
    atomic_store(&job_pair, p);
    atomic_store(&job, thread);
    while (atomic_load(&job) != 0)
        usleep(200);
}

static void make(struct pair *p)
{
    kind->init(&p->low);
    kind->init(&p->high);
}

/* Nothing that the pthread library could see happens to a lock from a static initialiser. */
static void unmake(struct pair *p)
{
    if (strstr(kind->name, "static") != NULL)
        return;
    kind->destroy(&p->low);
    kind->destroy(&p->high);
}

static void must_be(bool reused)
{
    if (!reused) {
        fputs("reuse: the address was not reused\n", stderr);
        exit(3);
    }
}

static void on_heap(bool kept)
{
    struct pair *p = malloc(sizeof(*p));
    volatile uintptr_t old = (uintptr_t)p;

    make(p);
    have_done(1, p);
    if (!kept) {
        unmake(p);
        free(p);
        p = malloc(sizeof(*p));
        must_be((uintptr_t)p == old);
        make(p);
    }
    have_done(2, p);
    unmake(p);
    free(p);
}

static struct pair *map_pages(void)
{
    void *p = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED)
        exit(3);
    return p;
}

static void on_map(void)
{
    struct pair *p = map_pages();
    volatile uintptr_t old = (uintptr_t)p;

    make(p);
    have_done(1, p);
    unmake(p);
    munmap(p, 65536);
    p = map_pages();
    must_be((uintptr_t)p == old);
    make(p);
    have_done(2, p);
    unmake(p);
}

/* One call is one frame: the locks of the next call are others. */
static __attribute__((noinline)) void in_frame(int first, int last)
{
    struct pair p;

    if (frame != 0)
        must_be((uintptr_t)&p == frame);
    frame = (uintptr_t)&p;
    memset(&p, 0, sizeof(p));
    make(&p);
    for (int thread = first; thread <= last; thread++)
        have_done(thread, &p);
    unmake(&p);
}

int main(int argc, char **argv)
{
    const char *mode = argv[1];
    pthread_t threads[2];

    if (argc != 3)
        return 3;
    for (kind = kinds; kind->name != NULL && strcmp(kind->name, argv[2]) != 0;)
        kind++;
    if (kind->name == NULL)
        return 3;
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, worker, (void *)(intptr_t)(i + 1));

    if (strcmp(mode, "heap") == 0 || strcmp(mode, "heap-kept") == 0)
        on_heap(mode[4] != '\0');
    else if (strcmp(mode, "map") == 0)
        on_map();
    else if (strcmp(mode, "stack-kept") == 0)
        in_frame(1, 2);
    else if (strcmp(mode, "stack") == 0)
        for (int thread = 1; thread <= 2; thread++)
            in_frame(thread, thread);
    else
        return 3;

    atomic_store(&job, -1);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    puts("done");
    return 0;
}
