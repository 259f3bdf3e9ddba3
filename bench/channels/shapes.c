/* SPDX-License-Identifier: MIT */
/*
 * shapes.c - what do values cost that go from thread to thread? The shapes that programs have
 *
 *   shapes SHAPE CAPACITY COUNT      prints the nanoseconds for one value (or one goroutine)
 *
 * The same shapes are in shapes.go and shapes.rs. Here the queue is what -DQUEUE names: this
 * project's channels (queue_gridlock.h), or a mutex and conditions (queue_mutex.h). The clock runs
 * from before the first thread is started until the last is gone; the counts are so large that
 * their start does not matter.
 */
#include QUEUE

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FEW = 4, STAGES = 8, CROWD = 100 };

static long share; /* how many values each one sends or receives */
static queue q[STAGES + 1];

static void send_share(void *to)
{
    for (long i = 0; i < share; i++)
        queue_send(*(queue *)to, i);
}

static void receive_share(void *from)
{
    for (long i = 0; i < share; i++)
        queue_receive(*(queue *)from);
}

/* A value goes there, and comes back: two for each turn. */
static void echo(void *unused)
{
    (void)unused;
    for (long i = 0; i < share; i++)
        queue_send(q[1], queue_receive(q[0]));
}

static void ping_pong(long count)
{
    struct crew crew = {0};

    share = count / 2;
    crew_start(&crew, echo, NULL);
    for (long i = 0; i < share; i++) {
        queue_send(q[0], i);
        queue_receive(q[1]);
    }
    crew_wait(&crew);
}

static void one_to_one(long count)
{
    struct crew crew = {0};

    share = count;
    crew_start(&crew, send_share, &q[0]);
    receive_share(&q[0]);
    crew_wait(&crew);
}

static void four_to_four(long count)
{
    struct crew crew = {0};

    share = count / FEW;
    for (int i = 0; i < FEW; i++) {
        crew_start(&crew, send_share, &q[0]);
        crew_start(&crew, receive_share, &q[0]);
    }
    crew_wait(&crew);
}

/* Four send, each into a channel of its own; one takes from whichever has something. */
static void select_four(long count)
{
    struct crew crew = {0};

    share = count / FEW;
    for (int i = 0; i < FEW; i++)
        crew_start(&crew, send_share, &q[i]);
    for (long i = 0; i < share * FEW; i++)
        queue_receive_any(q);
    crew_wait(&crew);
}

static void hand_on(void *from)
{
    queue *in = from;

    for (long i = 0; i < share; i++)
        queue_send(in[1], queue_receive(in[0]) + 1);
}

static void pipeline(long count)
{
    struct crew crew = {0};

    share = count;
    for (int i = 0; i < STAGES; i++)
        crew_start(&crew, hand_on, &q[i]);
    crew_start(&crew, send_share, &q[0]);
    receive_share(&q[STAGES]);
    crew_wait(&crew);
}

/* Nobody else: what the operations cost by themselves. */
static void alone(long count)
{
    for (long i = 0; i < count; i++) {
        queue_send(q[0], i);
        queue_receive(q[0]);
    }
}

static void do_nothing(void *unused)
{
    (void)unused;
}

static void spawn_in_crowds(long count, int crowd)
{
    for (long i = 0; i < count; i += crowd) {
        struct crew crew = {0};

        for (int k = 0; k < crowd; k++)
            crew_start(&crew, do_nothing, NULL);
        crew_wait(&crew);
    }
}

static void spawn_one(long count)
{
    spawn_in_crowds(count, 1);
}

static void spawn_crowd(long count)
{
    spawn_in_crowds(count, CROWD);
}

static const struct shape {
    const char *name;
    void (*run)(long count);
    int needs_select;
} shapes[] = {
    {"ping-pong", ping_pong, 0}, {"one-to-one", one_to_one, 0},   {"four-to-four", four_to_four, 0},
    {"select", select_four, 1},  {"pipeline", pipeline, 0},       {"alone", alone, 0},
    {"spawn", spawn_one, 0},     {"spawn-crowd", spawn_crowd, 0},
};

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int run(const struct shape *shape, int64_t capacity, long count)
{
    double start;

    if (shape->needs_select && !HAS_SELECT)
        return 0; /* prints nothing: there is no such thing */
    for (int i = 0; i <= STAGES; i++)
        q[i] = queue_make(capacity);
    start = now_ns();
    shape->run(count);
    printf("%.2f\n", (now_ns() - start) / (double)count);
    return 0;
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 4 && i < sizeof shapes / sizeof *shapes; i++)
        if (!strcmp(argv[1], shapes[i].name))
            return run(&shapes[i], atol(argv[2]), atol(argv[3]));
    fprintf(stderr, "usage: shapes SHAPE CAPACITY COUNT\n");
    return 2;
}
