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
 * Expect:  gridlock=silent tsan=silent output="the line is closed"
 */
#include <gridlock.h>

#include <stdio.h>

CHAN_TYPE(byte_chan, char);

struct line {
    byte_chan bytes, hung_up;
};

static const int64_t patience = 10 * MILLISECOND;

/* Hangs up when nothing has come for a while. */
static void watch(void *arg)
{
    struct line *line = arg;
    struct timer *silence = timer_new(patience);

    while (chan_select(RECV(line->bytes, NULL), RECV(timer_done(silence), NULL)) == 0)
        timer_reset(silence, patience);
    chan_send(line->hung_up, '!');
    timer_stop(silence);
    timer_free(silence);
}

int main(void)
{
    struct line line = {chan_make(byte_chan, 8), chan_make(byte_chan, 0)};

    chan_send(line.bytes, 'h');
    chan_send(line.bytes, 'i');
    go(watch, &line);
    chan_recv(line.hung_up, NULL);
    puts("the line is closed");
    time_sleep(40 * MILLISECOND); /* until somebody calls again */
    return 0;
}
