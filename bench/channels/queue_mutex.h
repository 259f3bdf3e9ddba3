/* SPDX-License-Identifier: MIT */
/*
 * queue_mutex.h - the queue of shapes.c made of a mutex and two conditions: what one writes by hand
 *
 * Layer:    bench
 * Memory:   a queue lives as long as the process
 * Locking:  the queue's mutex guards everything in it
 * Errors:   no memory or no thread ends the program
 *
 * A good one: it signals only if somebody waits who has not been signalled, and after it has given
 * the mutex back. So the one who signals counts down, and who finds nothing counts up again, which
 * a signal that went to another waiter does not upset. Capacity 0 is the usual stand-in for a rendezvous: a slot, and the sender waits
 * until its value was taken.
 */
#ifndef BENCH_QUEUE_H
#define BENCH_QUEUE_H

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

enum { HAS_SELECT = 0, CREW = 256 };

struct mutex_queue {
    pthread_mutex_t lock;
    pthread_cond_t not_empty, not_full, was_taken;
    int64_t rendezvous, capacity;
    int64_t first, count;
    int64_t receivers, senders; /* how many wait, those aside for whom a signal is on its way */
    uint64_t sent, taken;
    int64_t values[];
};

typedef struct mutex_queue *queue;

struct crew {
    pthread_t threads[CREW];
    int count;
};

static inline queue queue_make(int64_t capacity)
{
    int64_t slots = capacity ? capacity : 1;
    queue q = calloc(1, sizeof *q + (size_t)slots * sizeof *q->values);

    if (!q)
        abort();
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->not_empty, NULL);
    pthread_cond_init(&q->not_full, NULL);
    pthread_cond_init(&q->was_taken, NULL);
    q->rendezvous = capacity == 0;
    q->capacity = slots;
    return q;
}

static inline int one_fewer(int64_t *waiting)
{
    if (*waiting == 0)
        return 0;
    --*waiting;
    return 1;
}

static inline void queue_send(queue q, int64_t value)
{
    uint64_t ticket;
    int wake;

    pthread_mutex_lock(&q->lock);
    while (q->count == q->capacity) {
        q->senders++;
        pthread_cond_wait(&q->not_full, &q->lock);
    }
    q->values[(q->first + q->count++) % q->capacity] = value;
    ticket = q->sent++;
    wake = one_fewer(&q->receivers);
    if (q->rendezvous) { /* the value must be known to be there before this sleeps */
        if (wake)
            pthread_cond_signal(&q->not_empty);
        while (q->taken <= ticket)
            pthread_cond_wait(&q->was_taken, &q->lock);
        wake = 0;
    }
    pthread_mutex_unlock(&q->lock);
    if (wake)
        pthread_cond_signal(&q->not_empty);
}

static inline int64_t queue_receive(queue q)
{
    int64_t value;
    int wake;

    pthread_mutex_lock(&q->lock);
    while (q->count == 0) {
        q->receivers++;
        pthread_cond_wait(&q->not_empty, &q->lock);
    }
    value = q->values[q->first];
    q->first = (q->first + 1) % q->capacity;
    q->count--;
    q->taken++;
    wake = one_fewer(&q->senders);
    pthread_mutex_unlock(&q->lock);
    if (q->rendezvous)
        pthread_cond_broadcast(&q->was_taken); /* which of the few it is for, only they know */
    if (wake)
        pthread_cond_signal(&q->not_full);
    return value;
}

static inline int64_t queue_receive_any(const queue *q)
{
    (void)q;
    abort(); /* HAS_SELECT says so */
}

/* Runs one of the crew: a thread's function returns a pointer, a goroutine's does not. */
struct crew_start {
    void (*fn)(void *);
    void *arg;
};

static inline void *crew_run(void *argument)
{
    struct crew_start start = *(struct crew_start *)argument;

    free(argument);
    start.fn(start.arg);
    return NULL;
}

static inline void crew_start(struct crew *crew, void (*fn)(void *), void *arg)
{
    struct crew_start *start = malloc(sizeof *start);

    if (!start || crew->count == CREW)
        abort();
    *start = (struct crew_start){fn, arg};
    if (pthread_create(&crew->threads[crew->count++], NULL, crew_run, start))
        abort();
}

static inline void crew_wait(struct crew *crew)
{
    while (crew->count > 0)
        pthread_join(crew->threads[--crew->count], NULL);
}

#endif
