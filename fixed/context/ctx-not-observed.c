/* SPDX-License-Identifier: MIT */
/*
 * ctx-not-observed - the station looks at its context, but not where it waits
 *
 * Family:  context
 * Bug:     the station asks between two rounds whether it is still wanted. But it spends its life
 *          in the sends in between, and those do not look at the context: main() cancels after a
 *          temperature and does not take the humidity, and the station waits for it for ever.
 * Fix:     wherever it may block it also listens to the context: a select with a case for
 *          context_done().
 * Refs:    100 Go Mistakes, numbers 60 and 62; LeakProf (CGO 2024) "early return"
 * Expect:  gridlock=silent tsan=silent output="-1 degrees: close the windows"
 */
#include <gridlock.h>

#include <stdio.h>

CHAN_TYPE(reading_chan, int);

struct station {
    struct context *wanted;
    reading_chan readings; /* temperature, humidity, temperature, ... */
};

/* False: nobody wants it any more. */
static bool report(struct station *station, int reading)
{
    return chan_select(SEND(station->readings, reading),
                       RECV(context_done(station->wanted), NULL)) == 0;
}

static void measure(void *arg)
{
    struct station *station = arg;

    for (int hour = 0; context_err(station->wanted) == CONTEXT_OK; hour++)
        if (!report(station, 9 - 10 * hour) || !report(station, 80 + hour))
            break;
}

int main(void)
{
    static struct station station;
    int temperature, humidity;

    station.wanted = context_with_cancel(context_background());
    station.readings = chan_make(reading_chan, 0);
    go(measure, &station);
    while (chan_recv(station.readings, &temperature) && temperature > 0) {
        chan_recv(station.readings, &humidity);
        printf("%d degrees, humidity %d\n", temperature, humidity);
    }
    printf("%d degrees: close the windows\n", temperature);
    context_cancel(station.wanted);
    time_sleep(60 * MILLISECOND); /* they close */
    return 0;
}
