/* SPDX-License-Identifier: MIT */
/*
 * assumed-order - the shop closes, and letters that were in the box before are never read
 *
 * Family:  atomicity
 * Bug:     the clerk lists the letters first in the select and expects them to be served first. A
 *          select that finds both a letter and the closing bell takes either, with equal chances;
 *          the order of the cases means nothing. Sooner or later the bell wins.
 * Fix:     say what comes first: when the bell rings, take the letters that are still there.
 * Refs:    100 Go Mistakes, number 64; Lu et al., ASPLOS 2008 (order violations)
 * Expect:  gridlock=silent tsan=silent output="all letters were read"
 */
#include <gridlock.h>

#include <stdio.h>

enum { LETTERS = 100 };

CHAN_TYPE(letter_chan, int);
CHAN_TYPE(bell_chan, char);

struct shop {
    letter_chan_receiver letters;
    bell_chan_receiver bell; /* closed when the shop closes */
    int read;                /* the clerk's until he goes home */
};

static void clerk(void *arg)
{
    struct shop *shop = arg;

    while (chan_select(RECV(shop->letters, NULL), RECV(shop->bell, NULL)) == 0)
        shop->read++;
    while (chan_try_recv(shop->letters, NULL, NULL))
        shop->read++;
}

int main(void)
{
    letter_chan letters = chan_make(letter_chan, LETTERS);
    bell_chan bell = chan_make(bell_chan, 0);
    struct shop shop = {.letters = letters.receiver, .bell = bell.receiver};
    struct waitgroup day = WAITGROUP_INIT;

    for (int i = 0; i < LETTERS; i++)
        chan_send(letters, i);
    chan_close(bell); /* after the last letter */
    waitgroup_go(&day, clerk, &shop);
    waitgroup_wait(&day);

    printf("%d came, %d were read\n", LETTERS, shop.read);
    puts(shop.read == LETTERS ? "all letters were read" : "letters were left unread");
    chan_free(letters);
    chan_free(bell);
    return 0;
}
