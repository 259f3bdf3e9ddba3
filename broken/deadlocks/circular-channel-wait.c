/* SPDX-License-Identifier: MIT */
/*
 * circular-channel-wait - two loops, and each waits until the other one takes something
 *
 * Family:  deadlocks
 * Bug:     the waiter brings all orders of a table before he fetches the first dish. The cook can
 *          not put down a dish while nobody takes it, and takes no order meanwhile. With one guest
 *          at the table it goes well; a larger buffer only moves the number at which it stops.
 * Fix:     two directions, two loops: somebody else brings the orders while the waiter receives.
 * Refs:    the Go specification, "Send statements"; CWE-833
 * Expect:  gridlock=deadlock tsan=hang
 */
#include <gridlock.h>

#include <stdio.h>

CHAN_TYPE(order_chan, const char *);
CHAN_TYPE(dish_chan, const char *);

struct table {
    int guests;
    const char *wishes[3];
};

static order_chan orders;
static dish_chan dishes;

static void cook(void *arg)
{
    const char *order;

    (void)arg;
    while (chan_recv(orders, &order))
        chan_send(dishes, order);
    chan_close(dishes);
}

static void bring_orders(void *arg)
{
    struct table *table = arg;

    for (int i = 0; i < table->guests; i++)
        chan_send(orders, table->wishes[i]);
}

static void serve(struct table *table)
{
    const char *dish;

    bring_orders(table);
    for (int i = 0; i < table->guests; i++) {
        chan_recv(dishes, &dish);
        printf("here is your %s\n", dish);
    }
}

int main(void)
{
    struct table one = {1, {"tea"}}, three = {3, {"soup", "fish", "cake"}};

    orders = chan_make(order_chan, 0);
    dishes = chan_make(dish_chan, 0);
    go(cook, NULL);
    serve(&one);
    serve(&three);
    chan_close(orders);
    chan_recv(dishes, NULL); /* closed: the cook has gone home */
    chan_free(orders);
    chan_free(dishes);
    return 0;
}
