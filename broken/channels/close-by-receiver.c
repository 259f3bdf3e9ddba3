/* SPDX-License-Identifier: MIT */
/*
 * close-by-receiver - the auctioneer has the highest bid, and closes the channel of the bidder
 *
 * Family:  channels
 * Bug:     the auctioneer, who receives, has heard enough and closes `bids` to make the bidder
 *          stop. A close says "no more values", and only the sender can know that. The bidder
 *          knows nothing of it: the next bid is a send on a closed channel, and the program aborts.
 * Fix:     the receiver says "enough" on a channel on which it is the one that sends. The bidder
 *          looks at it with each bid, and closes its own channel when it has stopped.
 * Refs:    Go 101, "How to Gracefully Close Channels"; Tu et al., ASPLOS 2019
 * Expect:  gridlock=close-by-receiver+send-on-closed tsan=exit-134
 */
#include <gridlock.h>

#include <stdio.h>

enum { RESERVE = 300, STEP = 50 };

CHAN_TYPE(bid_chan, int);
CHAN_TYPE(signal_chan, char);

struct auction {
    bid_chan bids;
    signal_chan enough; /* closed when no more bids are wanted */
    struct waitgroup over;
};

static void auctioneer(void *arg)
{
    struct auction *auction = arg;
    int bid;

    while (chan_recv(auction->bids, &bid))
        if (bid >= RESERVE) {
            printf("sold for %d\n", bid);
            chan_close(auction->bids);
            break;
        }
}

static void make_bids(struct auction *auction)
{
    for (int bid = STEP;; bid += STEP)
        chan_send(auction->bids, bid);
}

int main(void)
{
    struct auction auction = {chan_make(bid_chan, 0), chan_make(signal_chan, 0), WAITGROUP_INIT};

    waitgroup_go(&auction.over, auctioneer, &auction);
    make_bids(&auction);
    waitgroup_wait(&auction.over);
    puts("the bidder goes home");
    chan_free(auction.bids);
    chan_free(auction.enough);
    return 0;
}
