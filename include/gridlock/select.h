/* SPDX-License-Identifier: MIT */
/*
 * select.h - waiting for whichever of several channel operations can go on first
 *
 * Source:   the Go specification, "Select statements", and src/runtime/select.go
 * Memory:   the cases live in the caller's block; nothing is kept afterwards
 * Locking:  the decision is one atomic look at all the channels
 * Errors:   a chosen send on a closed channel panics with "send on closed channel"
 *
 *      switch (chan_select(RECV(jobs, &job), RECV(context_done(ctx), NULL))) {
 *      case 0: work(&job); break;
 *      case 1: return;
 *      }
 *
 * Of several cases that can go on, each is as likely to be chosen. A case on a nil channel never
 * happens. Channels and values are evaluated once, in the order written, also of cases that are not
 * chosen.
 */
#ifndef GRIDLOCK_SELECT_H
#define GRIDLOCK_SELECT_H

#include <gridlock/chan.h>

enum chan_direction { CHAN_RECEIVE, CHAN_SEND, CHAN_DEFAULT };

struct chan_case {
    enum chan_direction direction;
    struct chan *chan;
    void *elem; /* received into, or sent from; a receive may throw the value away: NULL */
    bool *ok;   /* of a receive: false if closed and drained; may be NULL */
};

#define RECV(c, v) RECV_OK(c, v, NULL)
#define RECV_OK(c, v, received)                              \
    ((struct chan_case){.direction = CHAN_RECEIVE,           \
                        .chan = (c).can_receive,             \
                        .elem = (__typeof__((c).elem)){(v)}, \
                        .ok = (received)})
/* The value lives until the end of the enclosing block. */
#define SEND(c, ...)                            \
    ((struct chan_case){.direction = CHAN_SEND, \
                        .chan = (c).can_send,   \
                        .elem = (void *)(__typeof__(*(c).elem)[1]){[0] = __VA_ARGS__}})
/* Do not block: if no other case can go on, the result is -1. */
#define DEFAULT ((struct chan_case){.direction = CHAN_DEFAULT})

/* Blocks until one of the cases can go on and does it. The result is its index in the list, or -1
 * for DEFAULT. With no case, or with nil channels only, it blocks for ever. */
#define chan_select(...)                                     \
    GRIDLOCK_VALUE(                                          \
        chan_select_cases((struct chan_case[]){__VA_ARGS__}, \
                          sizeof((struct chan_case[]){__VA_ARGS__}) / sizeof(struct chan_case)))

/* The same for a number of cases known only at run time; n == 0 blocks for ever. */
int chan_select_cases(struct chan_case *cases, size_t n);

#endif
