/* SPDX-License-Identifier: MIT */
/*
 * double-close - two sellers find the hall full, and both of them say so
 *
 * Family:  channels
 * Bug:     each seller sells until there are no seats left, and then closes `sold_out`. The second
 *          one closes a closed channel, which aborts the program. With one seller it was right.
 * Fix:     make it one seller's business: who sells the last seat closes. Under the lock it is
 *          certain that there is only one such.
 * Refs:    Go 101, "How to Gracefully Close Channels"; Tu et al., ASPLOS 2019
 * Expect:  gridlock=silent tsan=silent output="the hall is full: 40 seats sold"
 */
#include <gridlock.h>

#include <stdio.h>

enum { SEATS = 40, SELLERS = 2 };

CHAN_TYPE(signal_chan, char);

static struct hall {
    signal_chan sold_out;
    struct waitgroup sellers;
    pthread_mutex_t lock;
    int sold; /* under lock */
} hall = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* The number of the seat that was sold, or 0 if there are none left. */
static int sell(void)
{
    int seat = 0;

    pthread_mutex_lock(&hall.lock);
    if (hall.sold < SEATS)
        seat = ++hall.sold;
    pthread_mutex_unlock(&hall.lock);
    return seat;
}

static void seller(void *unused)
{
    int seat;

    (void)unused;
    while ((seat = sell()))
        if (seat == SEATS)
            chan_close(hall.sold_out);
}

int main(void)
{
    hall.sold_out = chan_make(signal_chan, 0);
    for (int i = 0; i < SELLERS; i++)
        waitgroup_go(&hall.sellers, seller, NULL);
    chan_recv(hall.sold_out, NULL);
    waitgroup_wait(&hall.sellers);
    printf("the hall is full: %d seats sold\n", hall.sold);
    chan_free(hall.sold_out);
    return 0;
}
