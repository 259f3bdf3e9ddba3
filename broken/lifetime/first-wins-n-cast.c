/* SPDX-License-Identifier: MIT */
/*
 * first-wins-n-cast - three taxi firms are asked, one offer is taken, two drivers wait for ever
 *
 * Family:  lifetime
 * Bug:     call_taxi() asks all firms and takes the first offer. The others come too, a little
 *          later, and nobody receives them: of N senders on an unbuffered channel N - 1 stay.
 * Fix:     room for all offers: then nobody waits for the customer, who may be gone. Where the work
 *          is costly, cancel a context as well, so that the losers stop.
 * Refs:    LeakProf (CGO 2024) "NCast leak"; CWE-772
 * Expect:  gridlock=leaked-thread tsan=silent
 */
#include <gridlock.h>

#include <stdio.h>
#include <stdlib.h>

enum { FIRMS = 3 };

CHAN_TYPE(offer_chan, int);

struct call {
    int64_t search; /* how long the firm looks for a free car */
    int minutes;    /* until it arrives */
    offer_chan_sender offers;
};

static void find_car(void *arg)
{
    struct call call = *(struct call *)arg;

    free(arg);
    time_sleep(call.search);
    chan_send(call.offers, call.minutes);
}

/* In how many minutes is the one here that answers first? */
static int call_taxi(void)
{
    offer_chan offers = chan_make(offer_chan, 0);
    int minutes;

    for (int firm = 0; firm < FIRMS; firm++) {
        struct call *call = malloc(sizeof *call);

        *call = (struct call){firm * 2 * MILLISECOND, 4, offers.sender};
        go(find_car, call);
    }
    chan_recv(offers, &minutes);
    return minutes;
}

int main(void)
{
    printf("a taxi comes in %d minutes\n", call_taxi());
    time_sleep(80 * MILLISECOND); /* packing */
    return 0;
}
