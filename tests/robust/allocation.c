/* SPDX-License-Identifier: MIT */
/*
 * allocation.c - free and realloc are watched; do they still work, whoever provides them?
 *
 * Run with libc's allocator, and with jemalloc and tcmalloc, linked or preloaded. Such allocators
 * use pthread calls themselves, and call free and calloc at times when little of libc works.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/matrix/scenario.h"

struct object {
    pthread_mutex_t lock;
    struct object *next;
};

static pthread_mutex_t lock_a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t lock_b = PTHREAD_MUTEX_INITIALIZER;

static struct object *make_object(void)
{
    struct object *o = calloc(1, sizeof(*o));

    pthread_mutex_init(&o->lock, NULL);
    return o;
}

/* Lists of locks, hand over hand, blocks of all sizes, in eight threads. */
static void *churns(void *arg)
{
    unsigned seed = (unsigned)(intptr_t)arg;

    for (int round = 0; round < 200; round++) {
        struct object *list = NULL;
        char *block = NULL;

        for (int i = 0; i < 20; i++) {
            struct object *o = make_object();

            o->next = list;
            list = o;
            block = realloc(block, 1 + rand_r(&seed) % 100000);
            memset(block, i, 1);
        }
        for (struct object *o = list; o != NULL; o = o->next) {
            pthread_mutex_lock(&o->lock);
            if (o->next != NULL) {
                pthread_mutex_lock(&o->next->lock);
                pthread_mutex_unlock(&o->next->lock);
            }
            pthread_mutex_unlock(&o->lock);
        }
        while (list != NULL) {
            struct object *next = list->next;

            free(list);
            list = next;
        }
        free(block);
    }
    return NULL;
}

static void churn(void)
{
    pthread_t threads[8];

    for (int i = 0; i < 8; i++)
        threads[i] = start(churns, (void *)(intptr_t)i);
    for (int i = 0; i < 8; i++)
        join(threads[i]);
}

static void free_locked(void)
{
    struct object *o = make_object();

    pthread_mutex_lock(&o->lock);
    free(o);
}

static void *locks_b_then_a(void *arg)
{
    pthread_mutex_lock(&lock_b);
    reach(1);
    pthread_mutex_lock(&lock_a);
    return arg;
}

static void hang(void)
{
    pthread_t thread;

    free(malloc(1000));
    pthread_mutex_lock(&lock_a);
    thread = start(locks_b_then_a, NULL);
    await(1);
    pthread_mutex_lock(&lock_b);
    join(thread);
}

const struct scenario scenarios[] = {
    {"churn", churn},
    {"free-locked", free_locked},
    {"hang", hang},
    {NULL, NULL},
};
