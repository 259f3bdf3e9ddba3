/* SPDX-License-Identifier: MIT */
/*
 * leak-blocked-recv - the packer waits for a payment that will never come
 *
 * Family:  lifetime
 * Bug:     check_out() starts a goroutine that packs the parcel and then waits for the money. When
 *          the card is declined check_out() returns, and nobody tells the packer: it waits on a
 *          channel on which nobody will send. Each declined card leaves one more behind.
 * Fix:     on that path close the channel. "There will be no value" is an answer too: the receive
 *          returns false, and the goods go back to the shelf.
 * Refs:    Go 101, "Common Concurrent Programming Mistakes"; CWE-772
 * Expect:  gridlock=leaked-thread tsan=silent
 */
#include <gridlock.h>

#include <stdio.h>

CHAN_TYPE(money_chan, int);

struct order {
    const char *customer;
    int price, balance;
    money_chan paid; /* one payment, or closed */
};

static void pack(void *arg)
{
    struct order *order = arg;
    int amount;

    if (chan_recv(order->paid, &amount))
        printf("the parcel for %s is on its way\n", order->customer);
    else
        printf("the goods for %s go back to the shelf\n", order->customer);
}

static void check_out(struct order *order)
{
    go(pack, order); /* it takes a while: begin before the money is there */
    if (order->balance < order->price) {
        printf("%s's card is declined\n", order->customer);
        return;
    }
    printf("%s pays\n", order->customer);
    chan_send(order->paid, order->price);
}

int main(void)
{
    struct order orders[] = {{"Ann", 30, 50, chan_make(money_chan, 0)},
                             {"Bob", 30, 20, chan_make(money_chan, 0)}};

    for (int i = 0; i < 2; i++) {
        check_out(&orders[i]);
        time_sleep(30 * MILLISECOND); /* until the next customer comes */
    }
    puts("closing time");
    return 0;
}
