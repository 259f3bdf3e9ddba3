/* SPDX-License-Identifier: MIT */
/*
 * record_runtime.c - channels, WaitGroups and contexts that do nothing but note who called them
 *
 * A context is its own done channel here: what is asked is how objects get their names.
 */
#include <gridlock.h>

#include <stdlib.h>

#include "tests/cli/samples/record_call.h"

#define CALLER __builtin_return_address(0)

struct chan {
    int unused;
};

struct chan *chan_new(size_t elem_size, int64_t capacity)
{
    struct chan *c = calloc(1, sizeof(*c));

    (void)elem_size;
    record_call("make", "channel", c, CALLER)->capacity = (int)capacity;
    return c;
}

void chan_send_from(struct chan *c, const void *elem)
{
    (void)elem;
    record_call("send", "channel", c, CALLER);
}

bool chan_recv_into(struct chan *c, void *elem)
{
    (void)elem;
    record_call("receive", "channel", c, CALLER);
    return false;
}

void chan_close_it(struct chan *c)
{
    record_call("close", "channel", c, CALLER);
}

int chan_select_cases(struct chan_case *cases, size_t n)
{
    struct call *call = record_call("select", "channel", NULL, CALLER);

    for (size_t i = 0; i < n && i < MAX_CASES; i++) {
        call->cases[i].operation = cases[i].direction == CHAN_SEND ? "send" : "receive";
        call->cases[i].object = cases[i].chan;
        call->case_count++;
    }
    return 0;
}

struct context *context_background(void)
{
    return NULL;
}

struct context *context_with_cancel(struct context *parent)
{
    struct chan *c = calloc(1, sizeof(*c));

    (void)parent;
    record_call("make", "context", c, CALLER);
    return (struct context *)c;
}

done_chan_receiver context_done(struct context *ctx)
{
    return (done_chan_receiver){.chan = (struct chan *)ctx};
}

void (waitgroup_wait)(struct waitgroup *wg) /* not the macro */
{
    record_call("waitgroup-wait", "waitgroup", wg, CALLER);
}
