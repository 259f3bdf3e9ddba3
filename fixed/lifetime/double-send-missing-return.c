/* SPDX-License-Identifier: MIT */
/*
 * double-send-missing-return - the error is sent, and then the value is sent as well
 *
 * Family:  lifetime
 * Bug:     weigh() says that the scales are broken, and goes on: there is no `return`. It sends a
 *          second time, on a channel from which its caller takes exactly one answer. Only the error
 *          path has the fault; the tests with good scales pass.
 * Fix:     return after the error. One send on each path, for one receive.
 * Refs:    LeakProf (CGO 2024) "double send"; CWE-772
 * Expect:  gridlock=silent tsan=silent output="scales 1: 250 g; scales 2: broken; scales 3: 254 g"
 */
#include <gridlock.h>

#include <stdio.h>

enum { SCALES = 3, BROKEN = -1 };

CHAN_TYPE(gram_chan, int);

struct weighing {
    int raw; /* what the sensor says */
    gram_chan grams;
};

static void weigh(void *arg)
{
    struct weighing *w = arg;

    if (w->raw <= 0) {
        chan_send(w->grams, BROKEN);
        return;
    }
    chan_send(w->grams, w->raw / 4);
}

int main(void)
{
    static struct weighing weighings[SCALES] = {{.raw = 1000}, {.raw = -7}, {.raw = 1016}};
    int grams;

    for (int i = 0; i < SCALES; i++) {
        weighings[i].grams = chan_make(gram_chan, 0);
        go(weigh, &weighings[i]);
    }
    for (int i = 0; i < SCALES; i++) {
        chan_recv(weighings[i].grams, &grams);
        if (grams == BROKEN)
            printf("scales %d: broken\n", i + 1);
        else
            printf("scales %d: %d g\n", i + 1, grams);
    }
    time_sleep(60 * MILLISECOND); /* until the next customer */
    return 0;
}
