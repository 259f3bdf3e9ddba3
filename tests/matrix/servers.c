/* SPDX-License-Identifier: MIT */
/*
 * servers.c - waits for a signal or a post, told by who was seen to serve them
 *
 * A condition has no owner: anybody may signal. While main lives on, a waiter is stuck only as far
 * as was seen, and only if it keeps a lock that stops all those who served it before. Each scenario
 * that must be found has neighbours in which one thing is different and somebody does come.
 */
#include <stdbool.h>

#include "scenario.h"

static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t queue = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static int items;
static sem_t mutex, empty, full;

static void add_item(void)
{
    pthread_mutex_lock(&queue);
    items++;
    pthread_cond_signal(&more);
    pthread_mutex_unlock(&queue);
}

static void take_item(void)
{
    pthread_mutex_lock(&queue);
    while (items == 0)
        pthread_cond_wait(&more, &queue);
    items--;
    pthread_mutex_unlock(&queue);
}

/* Each item but the first needs the table. */
static void *produces_at_table(void *arg)
{
    add_item();
    await(1);
    pthread_mutex_lock(&table);
    pthread_mutex_unlock(&table);
    add_item();
    return arg;
}

static void *consumes_at_table(void *arg)
{
    take_item();
    pthread_mutex_lock(&table);
    reach(1);
    take_item();
    pthread_mutex_unlock(&table);
    return arg;
}

/* Must be found: the only producer waits for the table, which the consumer keeps; main works on. */
static void server_needs_kept_lock(void)
{
    pthread_t producer = start(produces_at_table, NULL), consumer = start(consumes_at_table, NULL);

    sleep_ms(3000);
    join(producer);
    join(consumer);
}

/* Silent: the same for half a second, then main brings an item, as it never did before. */
static void other_server_comes(void)
{
    pthread_t producer = start(produces_at_table, NULL), consumer = start(consumes_at_table, NULL);

    sleep_ms(500);
    add_item();
    join(consumer);
    join(producer);
}

static void *produces_slowly(void *arg)
{
    add_item();
    await(1);
    sleep_ms(1800);
    add_item();
    return arg;
}

/* Silent: the producer does not need the table, it only takes its time. */
static void server_is_slow(void)
{
    pthread_t producer = start(produces_slowly, NULL), consumer = start(consumes_at_table, NULL);

    join(consumer);
    join(producer);
}

static void *produces_once(void *arg)
{
    add_item();
    return arg;
}

/* Silent: the only one who ever signalled has ended, and main will, after a while. */
static void server_has_ended(void)
{
    pthread_t producer = start(produces_once, NULL), consumer;

    join(producer);
    consumer = start(consumes_at_table, NULL);
    sleep_ms(1800);
    add_item();
    join(consumer);
}

/* The bounded buffer of the textbooks. */
static void *fills(void *arg)
{
    for (int i = 0; i < 6; i++) {
        sem_wait(&empty);
        sem_wait(&mutex);
        sem_post(&mutex);
        sem_post(&full);
        if (i == 2)
            await(1);
    }
    return arg;
}

/* The order of the two waits is the bug: it keeps the mutex while it waits for an item. */
static void *drains_in_wrong_order(void *arg)
{
    for (int i = 0; i < 6; i++) {
        sem_wait(&mutex);
        if (i == 3)
            reach(1);
        sem_wait(&full);
        sem_post(&mutex);
        sem_post(&empty);
    }
    return arg;
}

static void *drains(void *arg)
{
    for (int i = 0; i < 6; i++) {
        if (i == 3)
            reach(1);
        sem_wait(&full);
        sem_wait(&mutex);
        sem_post(&mutex);
        sem_post(&empty);
    }
    return arg;
}

static void run_buffer(void *(*drain)(void *), bool busy)
{
    pthread_t filler, drainer;

    sem_make(&mutex, 1);
    sem_make(&empty, 3);
    sem_make(&full, 0);
    filler = start(fills, NULL);
    drainer = start(drain, NULL);
    if (busy)
        sleep_ms(3000);
    join(filler);
    join(drainer);
}

/* Must be found. */
static void bounded_buffer(void)
{
    run_buffer(drains_in_wrong_order, false);
}

/* Must be found, also while main is busy. */
static void bounded_buffer_busy(void)
{
    run_buffer(drains_in_wrong_order, true);
}

/* Silent: the waits in the right order. */
static void bounded_buffer_right(void)
{
    run_buffer(drains, false);
}

const struct scenario scenarios[] = {
    {"server-needs-kept-lock", server_needs_kept_lock},
    {"other-server-comes", other_server_comes},
    {"server-is-slow", server_is_slow},
    {"server-has-ended", server_has_ended},
    {"bounded-buffer", bounded_buffer},
    {"bounded-buffer-busy", bounded_buffer_busy},
    {"bounded-buffer-right", bounded_buffer_right},
    {NULL, NULL},
};
