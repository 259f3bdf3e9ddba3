/* SPDX-License-Identifier: MIT */
/*
 * try-send-lost - the counter tells itself that it is closed, and does not listen
 *
 * Family:  channels
 * Bug:     the goroutine at the counter takes one message after the other. When the last ticket is
 *          sold it posts CLOSED to its own channel, with chan_try_send() so that it cannot block.
 *          On an unbuffered channel a try succeeds only if a receiver is waiting at that moment,
 *          and the only receiver is busy with this very call. The message is lost, and the counter
 *          waits for ever for it.
 * Fix:     a buffer, in which a message stays until somebody has time for it; and look at the
 *          result of a try.
 * Refs:    Go 101, "Channel Use Cases" (try-send)
 * Expect:  gridlock=silent tsan=silent output="ticket 1; ticket 2; ticket 3; good night"
 */
#include <gridlock.h>

#include <stdio.h>

enum { TICKETS = 3 };
enum message { CUSTOMER, CLOSED };

CHAN_TYPE(message_chan, enum message);

static message_chan counter;
static struct waitgroup customers; /* who have no ticket yet */

static void sell_ticket(int number)
{
    printf("ticket %d\n", number);
    if (number == TICKETS)
        chan_try_send(counter, CLOSED);
    waitgroup_done(&customers);
}

static void serve(void *unused)
{
    enum message message;
    int sold = 0;

    (void)unused;
    while (chan_recv(counter, &message) && message != CLOSED)
        sell_ticket(++sold);
}

int main(void)
{
    counter = chan_make(message_chan, TICKETS);
    go(serve, NULL);
    for (int i = 0; i < TICKETS; i++) {
        waitgroup_add(&customers, 1);
        chan_send(counter, CUSTOMER);
    }
    waitgroup_wait(&customers);
    time_sleep(40 * MILLISECOND); /* the film begins */
    puts("good night");
    return 0;
}
