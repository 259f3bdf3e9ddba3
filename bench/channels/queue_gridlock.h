/* SPDX-License-Identifier: MIT */
/*
 * queue_gridlock.h - the queue of shapes.c made of this project's channels and goroutines
 *
 * Layer:    bench
 * Memory:   a queue lives as long as the process
 * Locking:  the runtime's
 * Errors:   the runtime's: it ends the program
 */
#ifndef BENCH_QUEUE_H
#define BENCH_QUEUE_H

#include <gridlock.h>

enum { HAS_SELECT = 1 };

CHAN_TYPE(queue, int64_t);

struct crew {
    struct waitgroup group;
};

static inline queue queue_make(int64_t capacity)
{
    return chan_make(queue, capacity);
}

static inline void queue_send(queue q, int64_t value)
{
    chan_send(q, value);
}

static inline int64_t queue_receive(queue q)
{
    int64_t value;

    chan_recv(q, &value);
    return value;
}

static inline int64_t queue_receive_any(const queue *q)
{
    int64_t value;

    chan_select(RECV(q[0], &value), RECV(q[1], &value), RECV(q[2], &value), RECV(q[3], &value));
    return value;
}

static inline void crew_start(struct crew *crew, void (*fn)(void *), void *arg)
{
    waitgroup_go(&crew->group, fn, arg);
}

static inline void crew_wait(struct crew *crew)
{
    waitgroup_wait(&crew->group);
}

#endif
