/* SPDX-License-Identifier: MIT */
/*
 * unsafe-publication - the waiter hands an order to the kitchen and writes on it afterwards
 *
 * Family:  data-races
 * Bug:     a channel orders what was written before the send, not what is written after it. The
 *          kitchen has the order while the waiter still adds the portions: it cooks for nobody, or
 *          for as many as happen to stand there already.
 * Fix:     finish it, then send it. What is sent by pointer belongs to the receiver.
 * Refs:    CERT CON43-C; CWE-362; Lu et al., ASPLOS 2008 (order violations)
 * Expect:  gridlock=silent tsan=data-race
 */
#include <gridlock.h>

#include <stdio.h>

enum { ORDERS = 50 };

struct order {
    int table;
    int portions;
};

CHAN_TYPE(order_chan, struct order *);
CHAN_TYPE(count_chan, int);

struct kitchen {
    order_chan_receiver orders;
    count_chan_sender portions; /* what was cooked, told once, at the end */
};

static void cook(void *arg)
{
    struct kitchen *kitchen = arg;
    struct order *order;
    int portions = 0;

    while (chan_recv(kitchen->orders, &order))
        portions += order->portions;
    chan_send(kitchen->portions, portions);
}

int main(void)
{
    static struct order pad[ORDERS];
    order_chan orders = chan_make(order_chan, 0);
    count_chan cooked = chan_make(count_chan, 0);
    struct kitchen kitchen = {orders.receiver, cooked.sender};
    int portions;

    go(cook, &kitchen);
    for (int i = 0; i < ORDERS; i++) {
        pad[i].table = i % 8;
        chan_send(orders, &pad[i]);
        pad[i].portions = 3; /* "and how many are you?" */
    }
    chan_close(orders);
    chan_recv(cooked, &portions);
    printf("%d orders\n%d portions\n", ORDERS, portions);
    chan_free(orders);
    chan_free(cooked);
    return 0;
}
