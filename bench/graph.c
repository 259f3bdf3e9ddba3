/* SPDX-License-Identifier: MIT */
/*
 * graph.c - what do many locks cost: many orders between them, and many short lives?
 *
 * 1. Random pairs (a, b), a < b, of 1,000 mutexes: b is taken under a. The orders agree, so
 *    there is no cycle to report, but the order in which the pairs are met is random, which is hard
 *    on a detector that keeps the graph sorted. Cold is the first walk over them, warm a later.
 * 2. Mutexes that are made, locked once, and destroyed: a detector should keep nothing of them.
 */
#include "bench/bench.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { LOCKS = 1000, SOME_PAIRS = 20000, ALL_PAIRS = 400000, LIVES = 100000 };

struct pair {
    uint16_t first, second;
};

static pthread_mutex_t locks[LOCKS];
static struct pair pairs[ALL_PAIRS];

/* Marsaglia's xorshift: the same pairs in every process. */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void draw_pairs(int count)
{
    uint32_t state = 2463534242u;

    for (int i = 0; i < LOCKS; i++)
        must(pthread_mutex_init(&locks[i], NULL), "pthread_mutex_init");
    for (int i = 0; i < count; i++) {
        uint32_t a = next_random(&state) % LOCKS, b = next_random(&state) % (LOCKS - 1);

        b += b >= a;
        pairs[i] = (struct pair){(uint16_t)(a < b ? a : b), (uint16_t)(a < b ? b : a)};
    }
}

/* Walks `count` pairs, going round the first `drawn` of them. */
static uint64_t walk(long count, int drawn)
{
    uint64_t start = now_ns();
    int at = 0;

    for (long i = 0; i < count; i++) {
        pthread_mutex_lock(&locks[pairs[at].first]);
        pthread_mutex_lock(&locks[pairs[at].second]);
        pthread_mutex_unlock(&locks[pairs[at].second]);
        pthread_mutex_unlock(&locks[pairs[at].first]);
        at = at + 1 < drawn ? at + 1 : 0;
    }
    return now_ns() - start;
}

/* A short run, of a slow tool, goes round fewer pairs so that all are warm. */
static uint64_t walk_warm(long count, int drawn)
{
    if (count < drawn)
        drawn = (int)count;
    draw_pairs(drawn);
    walk(drawn, drawn);
    return walk(count, drawn);
}

uint64_t pairs_warm(long count)
{
    return walk_warm(count, SOME_PAIRS);
}

uint64_t pairs_warm_all(long count)
{
    return walk_warm(count, ALL_PAIRS);
}

uint64_t pairs_cold(long count)
{
    draw_pairs(SOME_PAIRS);
    return walk(count, SOME_PAIRS);
}

uint64_t pairs_cold_dense(long count)
{
    draw_pairs(ALL_PAIRS);
    return walk(count, ALL_PAIRS);
}

/* Rounds over 100,000 mutexes: each is made, locked once and, unless kept, destroyed at once. */
static uint64_t live(long count, int destroyed)
{
    pthread_mutex_t *many = calloc(LIVES, sizeof *many);
    uint64_t start;
    int at = 0;

    if (!many) {
        perror("bench: calloc");
        exit(1);
    }
    start = now_ns();
    for (long i = 0; i < count; i++) {
        if (destroyed || i < LIVES)
            pthread_mutex_init(&many[at], NULL);
        pthread_mutex_lock(&many[at]);
        pthread_mutex_unlock(&many[at]);
        if (destroyed)
            pthread_mutex_destroy(&many[at]);
        at = at + 1 < LIVES ? at + 1 : 0;
    }
    start = now_ns() - start;
    free(many);
    return start;
}

uint64_t mutex_life(long count)
{
    return live(count, 1);
}

uint64_t mutex_live(long count)
{
    return live(count, 0);
}

uint64_t blocks(long count)
{
    uint64_t start = now_ns();

    for (long i = 0; i < count; i++) {
        void *volatile block = malloc(64);

        free(block);
    }
    return now_ns() - start;
}
