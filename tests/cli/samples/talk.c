/* SPDX-License-Identifier: MIT */
/*
 * talk.c - one program for each way in which goroutines stop, under the real detector
 *
 * Usage: talk WHAT [N]    the names in main's table; N: the status that main returns
 */
#include <gridlock.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

CHAN_TYPE(int_chan, int);

struct stage {
    int_chan_receiver in;
    int_chan_sender out;
};

/* --- two goroutines, two unbuffered channels --- */

static void ping(void *arg)
{
    struct stage *s = arg;
    int n;

    chan_send(s->out, 1);
    chan_recv(s->in, &n);
}

static void pong(void *arg)
{
    struct stage *s = arg;
    int n;

    chan_send(s->out, 2);
    chan_recv(s->in, &n);
}

static void both(void)
{
    int_chan there = chan_make(int_chan, 0), back = chan_make(int_chan, 0);
    struct stage a = {back.receiver, there.sender}, b = {there.receiver, back.sender};
    struct waitgroup players = WAITGROUP_INIT;

    waitgroup_go(&players, ping, &a);
    waitgroup_go(&players, pong, &b);
    waitgroup_wait(&players);
}

/* --- the receiver takes one answer of three --- */

static void fetch(void *arg)
{
    int_chan *answers = arg;

    chan_send(*answers, 42);
}

static void leak(void)
{
    int_chan answers = chan_make(int_chan, 0);

    for (int i = 0; i < 3; i++)
        go(fetch, &answers);
    chan_recv(answers, NULL);
    time_sleep(100 * MILLISECOND);
}

/* --- a pipeline whose end leaves, while main goes on --- */

static void source(void *arg)
{
    struct stage *s = arg;

    for (int i = 0;; i++)
        chan_send(s->out, i);
}

static void square(void *arg)
{
    struct stage *s = arg;
    int n;

    while (chan_recv(s->in, &n))
        chan_send(s->out, n * n);
    chan_close(s->out);
}

static void collect(void *arg)
{
    struct stage *s = arg;

    for (int i = 0; i < 3; i++)
        chan_recv(s->in, NULL);
}

static void pipeline(void)
{
    int_chan numbers = chan_make(int_chan, 2), squares = chan_make(int_chan, 0);
    struct stage one = {.out = numbers.sender}, two = {numbers.receiver, squares.sender},
                 three = {.in = squares.receiver};

    go(source, &one);
    go(square, &two);
    go(collect, &three);
    for (int i = 0; i < 100; i++)
        time_sleep(50 * MILLISECOND);
}

/* --- select, nil, a lock --- */

static void choose(void)
{
    int_chan jobs = chan_make(int_chan, 0), results = chan_make(int_chan, 1), nothing = {NULL};
    struct context *ctx = context_with_cancel(context_background());

    chan_send(results, 1);
    chan_select(RECV(jobs, NULL), SEND(results, 2), RECV(nothing, NULL),
                RECV(context_done(ctx), NULL));
    context_cancel(ctx);
}

static void nil(void)
{
    int_chan answers = {NULL};

    chan_send(answers, 1);
}

static pthread_mutex_t state = PTHREAD_MUTEX_INITIALIZER;
static int_chan events;

static void announce(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&state);
    chan_send(events, 1);
    pthread_mutex_unlock(&state);
}

static void locked(void)
{
    events = chan_make(int_chan, 0);
    go(announce, NULL);
    time_sleep(50 * MILLISECOND);
    pthread_mutex_lock(&state);
    chan_recv(events, NULL);
    pthread_mutex_unlock(&state);
}

/* --- panics --- */

static void close_twice(void)
{
    int_chan out = chan_make(int_chan, 1);

    chan_close(out);
    chan_close(out);
}

static void take_one(void *arg)
{
    int_chan *jobs = arg;

    chan_recv(*jobs, NULL);
    chan_close(*jobs);
}

static void send_on_closed(void)
{
    int_chan jobs = chan_make(int_chan, 0);

    go(take_one, &jobs);
    chan_send(jobs, 1);
    chan_send(jobs, 2);
}

static void done_twice(void)
{
    struct waitgroup wg = WAITGROUP_INIT;

    waitgroup_add(&wg, 1);
    waitgroup_done(&wg);
    waitgroup_done(&wg);
}

static void forget(void)
{
    context_with_cancel(context_background());
}

static void named(void)
{
    int_chan c = chan_make(int_chan, 0);

    gridlock_name(c.chan, "the mailbox");
    chan_recv(c, NULL);
}

static void nothing_wrong(void)
{
    int_chan c = chan_make(int_chan, 1);

    chan_send(c, 1);
    chan_recv(c, NULL);
    chan_free(c);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*function)(void);
    } table[] = {
        {"both", both},
        {"leak", leak},
        {"pipeline", pipeline},
        {"choose", choose},
        {"nil", nil},
        {"locked", locked},
        {"close_twice", close_twice},
        {"send_on_closed", send_on_closed},
        {"done_twice", done_twice},
        {"forget", forget},
        {"named", named},
        {"abort", abort},
        {"fine", nothing_wrong},
    };

    for (size_t i = 0; argc > 1 && i < sizeof(table) / sizeof(table[0]); i++)
        if (strcmp(table[i].name, argv[1]) == 0)
            table[i].function();
    return argc > 2 ? atoi(argv[2]) : 3;
}
