/* SPDX-License-Identifier: MIT */
/*
 * leak-blocked-recv - the packer waits for a payment that will never come
 *
 * Family:  lifetime
 * Bug:     a goroutine packs the goods, says what they cost, and waits for the money. When the card
 *          is declined check_out() returns, and nobody tells the packer: it waits on a channel on
 *          which nobody will send. Each declined card leaves one more behind.
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
    int pieces;
    money_chan price, paid; /* one value each; paid may also be closed */
};

static void pack(void *arg)
{
    struct order *order = arg;
    int amount;

    chan_send(order->price, 10 * order->pieces);
    if (chan_recv(order->paid, &amount))
        printf("the parcel for %s is on its way\n", order->customer);
    else
        printf("the goods for %s go back to the shelf\n", order->customer);
}

static void check_out(struct order *order, int balance)
{
    int price;

    order->price = chan_make(money_chan, 0);
    order->paid = chan_make(money_chan, 0);
    go(pack, order);
    chan_recv(order->price, &price);
    if (balance < price) {
        printf("%s's card is declined\n", order->customer);
        return;
    }
    printf("%s pays %d\n", order->customer, price);
    chan_send(order->paid, price);
}

int main(void)
{
    struct order ann = {.customer = "Ann", .pieces = 3}, bob = {.customer = "Bob", .pieces = 4};

    check_out(&ann, 50);
    check_out(&bob, 20);
    time_sleep(40 * MILLISECOND); /* nobody else comes */
    puts("closing time");
    return 0;
}
