/* SPDX-License-Identifier: MIT */
/*
 * pipeline - generate, square, print; the printer has seen enough and leaves
 *
 * Family:  patterns
 * Bug:     each stage ends when the one before it closes its channel. Nothing tells them that the
 *          one after has stopped: square() waits to send to nobody, generate() waits to send to
 *          square(), for ever. Each call leaves two goroutines behind.
 * Fix:     every send also listens whether it is still wanted: a context that the consumer cancels
 *          when it leaves.
 * Refs:    "Go Concurrency Patterns: Pipelines and cancellation", go.dev/blog/pipelines; LeakProf
 *          (CGO 2024) "early return"
 * Expect:  gridlock=leaked-thread tsan=silent
 */
#include <gridlock.h>

#include <stdio.h>
#include <stdlib.h>

enum { LAST = 1000 };

CHAN_TYPE(int_chan, int);

struct pipeline {
    int first;
    int_chan numbers, squares;
    struct context *wanted; /* cancelled by the consumer when it has seen enough */
    struct waitgroup stages;
};

static void generate(void *arg)
{
    struct pipeline *p = arg;

    for (int n = p->first; n <= LAST; n++)
        chan_send(p->numbers, n);
    chan_close(p->numbers);
}

static void square(void *arg)
{
    struct pipeline *p = arg;
    int n;

    while (chan_recv(p->numbers, &n))
        chan_send(p->squares, n * n);
    chan_close(p->squares);
}

/* Prints the squares of `count` numbers from `first` on. */
static void print_squares(int first, int count)
{
    struct pipeline *p = calloc(1, sizeof *p);
    int n;

    *p = (struct pipeline){first, chan_make(int_chan, 0), chan_make(int_chan, 0),
                           context_with_cancel(context_background()), WAITGROUP_INIT};
    waitgroup_go(&p->stages, generate, p);
    waitgroup_go(&p->stages, square, p);
    while (count-- > 0 && chan_recv(p->squares, &n))
        printf("%d\n", n);
    context_cancel(p->wanted);
}

int main(void)
{
    for (int first = 4; first <= 16; first += 6)
        print_squares(first, 2);
    time_sleep(30 * MILLISECOND); /* the rest of the program */
    return 0;
}
