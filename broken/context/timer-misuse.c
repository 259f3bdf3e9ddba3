/* SPDX-License-Identifier: MIT */
/*
 * timer-misuse - the tick was received, and then it is drained once more
 *
 * Family:  context
 * Bug:     watch() stops its timer at the end, and when timer_stop() says "it did not run any more"
 *          it receives the tick that must then be in the channel. But that has been received
 *          already: it is why the loop ended. A timer has one value; the second receive waits for
 *          ever. (As in Go since 1.23 there is nothing to drain in the other case either.)
 * Fix:     stop it, and leave its channel alone.
 * Refs:    the Go documentation of time.Timer.Stop; Go 101, "Common Concurrent Programming
 *          Mistakes"
 * Expect:  gridlock=leaked-thread tsan=silent
 */
#include <gridlock.h>

#include <stdio.h>

CHAN_TYPE(byte_chan, char);

struct line {
    byte_chan_receiver bytes;
    int64_t patience;
    long received;
};

/* Hangs up when nothing has come for a while. */
static void watch(void *arg)
{
    struct line *line = arg;
    struct timer *silence = timer_new(line->patience);

    while (chan_select(RECV(line->bytes, NULL), RECV(timer_done(silence), NULL)) == 0) {
        line->received++;
        timer_reset(silence, line->patience);
    }
    if (!timer_stop(silence))
        chan_recv(timer_done(silence), NULL); /* else it would stay in the channel */
    timer_free(silence);
}

int main(void)
{
    byte_chan bytes = chan_make(byte_chan, 8);
    struct line line = {bytes.receiver, 10 * MILLISECOND, 0};

    go(watch, &line);
    chan_send(bytes, 'h');
    chan_send(bytes, 'i');
    puts("the line is open");
    time_sleep(60 * MILLISECOND); /* nothing more to say */
    puts("good night");
    return 0;
}
