/* SPDX-License-Identifier: MIT */
/*
 * select-spin - the cook asks ten thousand times whether there is an order
 *
 * Family:  channels
 * Bug:     a select with a default does not wait. In a loop that has nothing else to do it asks
 *          again at once, and burns a whole processor until an order comes. Nothing is wrong with
 *          the result, so no tool has anything to say; the fan of the machine has.
 * Fix:     without a default the select sleeps until one of its channels has something.
 * Refs:    the Go specification, "Select statements"; appliedgo.net, "Don't select the default"
 * Expect:  gridlock=silent tsan=silent output="the cook looked up more than 1000 times"
 */
#include <gridlock.h>

#include <stdio.h>

enum { ORDERS = 3 };

CHAN_TYPE(order_chan, int);
CHAN_TYPE(signal_chan, char);

struct kitchen {
    order_chan orders;
    signal_chan closing;
};

static void take_orders(void *arg)
{
    struct kitchen *kitchen = arg;

    for (int table = 1; table <= ORDERS; table++) {
        time_sleep(10 * MILLISECOND); /* the guests read the menu */
        chan_send(kitchen->orders, table);
    }
    chan_close(kitchen->closing);
}

int main(void)
{
    struct kitchen kitchen = {chan_make(order_chan, 0), chan_make(signal_chan, 0)};
    int table, cooked = 0;
    long looks = 0;
    bool open = true;

    go(take_orders, &kitchen);
    while (open) {
        looks++;
        switch (chan_select(RECV(kitchen.orders, &table), RECV(kitchen.closing, NULL), DEFAULT)) {
        case 0:
            cooked++;
            break;
        case 1:
            open = false;
            break;
        }
    }
    printf("%d orders cooked\n", cooked);
    if (looks > 1000)
        puts("the cook looked up more than 1000 times");
    else
        printf("the cook looked up %ld times\n", looks);
    return 0;
}
