/* SPDX-License-Identifier: MIT */
/*
 * chan.h - channels: typed queues that synchronise who sends with who receives
 *
 * Source:   the Go specification, "Channel types", "Send statements", "Receive operator", and
 *           src/runtime/chan.go for what it leaves open
 * Memory:   a handle is a pointer in a typed union: copy it freely. Values are copied in and out.
 *           chan_free() ends the channel; whoever knows that nobody uses it any more calls it
 * Locking:  any thread may use any channel at any time
 * Errors:   what panics in Go prints Go's words and aborts: "send on closed channel", "close of
 *           closed channel", "close of nil channel", "makechan: size out of range"
 *
 *   state          send                        receive
 *   nil            blocks for ever             blocks for ever
 *   empty          blocks if capacity is 0     blocks
 *   partly full    goes on                     goes on
 *   full           blocks                      goes on
 *   closed         panics                      what is left, then zeros and false
 *
 * Waiting senders and waiting receivers are served in the order in which they came.
 *
 *      CHAN_TYPE(int_chan, int);
 *
 *      static void square(int_chan_receiver in, int_chan_sender out)
 *      {
 *          int n;
 *
 *          while (chan_recv(in, &n))      (false: closed and drained)
 *              chan_send(out, n * n);
 *          chan_close(out);
 *      }
 */
#ifndef GRIDLOCK_CHAN_H
#define GRIDLOCK_CHAN_H

#include <gridlock/call.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* gcc 14 and clang 16 made these two errors, for every program. Older compilers only warn, and a
 * pointer must not compile as a value of an integer channel. */
#pragma GCC diagnostic error "-Wint-conversion"
#pragma GCC diagnostic error "-Wincompatible-pointer-types"

struct chan;

/*
 * Declares a channel type and its two directions: CHAN_TYPE(int_chan, int) makes int_chan,
 * int_chan_sender and int_chan_receiver. Types of different channels do not mix; a direction has no
 * member for what it cannot do, so that a send on a receiver does not compile.
 *
 * The element type is any complete type but an array (wrap it in a struct); struct {} is good for
 * signals that carry nothing.
 */
#define CHAN_TYPE(name, type)     \
    typedef union {               \
        struct chan *chan;        \
        struct chan *can_send;    \
        struct chan *can_close;   \
        __typeof__(type) *elem;   \
    } name##_sender;              \
    typedef union {               \
        struct chan *chan;        \
        struct chan *can_receive; \
        __typeof__(type) *elem;   \
    } name##_receiver;            \
    typedef union {               \
        struct chan *chan;        \
        struct chan *can_send;    \
        struct chan *can_close;   \
        struct chan *can_receive; \
        struct chan *can_free;    \
        __typeof__(type) *elem;   \
        name##_sender sender;     \
        name##_receiver receiver; \
    } name

/*
 * A new channel of the given type with room for `capacity` values; 0: a send waits for its
 * receiver. The handle {NULL} is Go's nil channel. Panics when the size is negative or too large.
 */
#define chan_make(type, capacity) ((type){.chan = chan_new(sizeof *((type *)0)->elem, (capacity))})

/* Sends a value, or an initialiser: chan_send(jobs, {.id = 1}). Blocks while there is no room (or,
 * capacity 0, no receiver). Panics on a closed channel. */
#define chan_send(c, ...) \
    GRIDLOCK_CALL(chan_send_from((c).can_send, (__typeof__(*(c).elem)[1]){[0] = __VA_ARGS__}))

/* Receives into *v; v == NULL throws the value away. Blocks while there is nothing. False: closed
 * and drained, and *v is all zeros. */
#define chan_recv(c, v) GRIDLOCK_VALUE(chan_recv_into((c).can_receive, (__typeof__((c).elem)){(v)}))

/* The same without blocking. False: it would have blocked. chan_try_recv() sets *ok (unless NULL)
 * to what chan_recv() returns. */
#define chan_try_send(c, ...) \
    GRIDLOCK_VALUE(chan_try_send_from((c).can_send, (__typeof__(*(c).elem)[1]){[0] = __VA_ARGS__}))
#define chan_try_recv(c, v, ok) \
    GRIDLOCK_VALUE(chan_try_recv_into((c).can_receive, (__typeof__((c).elem)){(v)}, (ok)))

/* No more values will come: wakes all receivers, and all senders, which panic. The owner of the
 * sending side closes, once; panics on a nil or closed channel. */
#define chan_close(c) GRIDLOCK_CALL(chan_close_it((c).can_close))

/* How many values it holds, and how many fit. Both are 0 for nil. */
#define chan_len(c) chan_length((c).chan)
#define chan_cap(c) chan_capacity((c).chan)

/* Gives the channel's memory back; values still in it are dropped. Nobody may use it any more: a
 * later use is reported as destroy-in-use. Nil is allowed. */
#define chan_free(c) GRIDLOCK_CALL(chan_release((c).can_free))

/* What the macros above call. `elem` points to one element. */
struct chan *chan_new(size_t elem_size, int64_t capacity);
void chan_send_from(struct chan *c, const void *elem);
bool chan_recv_into(struct chan *c, void *elem);
bool chan_try_send_from(struct chan *c, const void *elem);
bool chan_try_recv_into(struct chan *c, void *elem, bool *ok);
void chan_close_it(struct chan *c);
size_t chan_length(const struct chan *c);
size_t chan_capacity(const struct chan *c);
void chan_release(struct chan *c);

#endif
