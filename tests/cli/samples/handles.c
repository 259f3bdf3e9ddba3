/* SPDX-License-Identifier: MIT */
/*
 * handles.c - one channel, WaitGroup or context for every way in which it can get its name
 *
 * Usage: handles FILE WHAT   WHAT: made, used. The expected names are in tests/cli/cases/handles.sh.
 */
#include <gridlock.h>

#include <stdlib.h>
#include <string.h>

#include "tests/cli/samples/record.h"

CHAN_TYPE(int_chan, int);

#define NOINLINE static __attribute__((noinline))
#define INTS(capacity) chan_make(int_chan, capacity)

struct pool {
    int_chan jobs;
    int_chan results[2];
    struct waitgroup done;
};

static int_chan queue;
static struct pool workers;
static struct waitgroup tasks;

/* --- named where they are made --- */

NOINLINE int_chan returned(void)
{
    return chan_make(int_chan, 0);
}

NOINLINE int_chan_receiver numbers(void)
{
    int_chan out = chan_make(int_chan, 0);

    chan_send(out, 1);
    return out.receiver;
}

NOINLINE int_chan_receiver squares(int_chan_receiver in)
{
    int_chan out = chan_make(int_chan, 0);

    chan_recv(in, NULL);
    return out.receiver;
}

NOINLINE void named_where_made(void)
{
    struct pool *p = calloc(1, sizeof(*p));
    int_chan plain = chan_make(int_chan, 0);
    int_chan a = chan_make(int_chan, 1), b = chan_make(int_chan, 2);
    int_chan on_the_next_line =
        chan_make(int_chan, 0); /* "a = text" */
    int_chan wide = chan_make(int_chan,
                              8);
    struct pool local = {.jobs = chan_make(int_chan, 4)};
    int_chan back = returned(), macro = INTS(3);
    int_chan_receiver first = numbers(), second = squares(first);
    struct context *ctx = context_with_cancel(context_background());

    queue = chan_make(int_chan, 0);
    p->results[1] = chan_make(int_chan, 1);
    /* else = */ p->jobs = chan_make(int_chan, 1);
    waitgroup_wait(&tasks);
    waitgroup_wait(&workers.done);
    waitgroup_wait(&p->done);
    (void)plain, (void)a, (void)b, (void)on_the_next_line, (void)wide, (void)local, (void)back;
    (void)macro, (void)second, (void)ctx;
    free(p);
}

/* --- named where they are used --- */

NOINLINE int_chan pass(int_chan c)
{
    return c;
}

NOINLINE void choose(int_chan in, struct pool *out, struct context *until)
{
    int_chan off = {NULL};
    int n;

    switch (chan_select(RECV(in, &n), /* RECV(wrong, NULL) */
                        SEND(out->results[0], 1),
                        RECV(off, NULL), RECV_OK(context_done(until), NULL, NULL))) {
    case 0:
        break;
    }
}

NOINLINE void send_one(struct pool *p)
{
    chan_send(p->jobs.sender,
              1);
    __asm__ volatile("");
}

NOINLINE void send_nil(int_chan answers)
{
    chan_send(answers, 1);
    __asm__ volatile("");
}

NOINLINE void wait_for_it(struct context *until)
{
    chan_recv(context_done(until), NULL);
    __asm__ volatile("");
}

NOINLINE void named_where_used(void)
{
    struct pool p;

    record_thread(2, "chooser", NULL);
    p.results[0] = pass(chan_make(int_chan, 2));
    choose(pass(chan_make(int_chan, 0)), &p, context_with_cancel(NULL));
    record_thread(3, "sender", NULL);
    p.jobs = pass(chan_make(int_chan, 1));
    send_one(&p);
    record_thread(4, "nobody", NULL);
    send_nil((int_chan){NULL});
    record_thread(5, "waiter", NULL);
    wait_for_it(context_with_cancel(NULL));
    record_thread(6, "silent", NULL);
    pass(chan_make(int_chan, 0));
    __asm__ volatile("");
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    if (strcmp(argv[2], "made") == 0) {
        named_where_made();
        record_misuse("destroy-in-use", "warning", "many names");
    } else {
        named_where_used();
        record_deadlock();
    }
    record_write(argv[1]);
    return 0;
}
