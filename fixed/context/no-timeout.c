/* SPDX-License-Identifier: MIT */
/*
 * no-timeout - the page waits for the weather, and the weather service has crashed
 *
 * Family:  context
 * Bug:     build_page() asks a service and waits for the answer, as long as it takes. The service
 *          dies of the request, and that takes for ever: one more fault of another's makes this
 *          program hang.
 * Fix:     every wait for somebody else has a deadline, and a plan for the day when it is missed:
 *          here, yesterday's weather.
 * Refs:    CWE-1088; LeakProf (CGO 2024)
 * Expect:  gridlock=silent tsan=silent output="the page: rain (yesterday)"
 */
#include <gridlock.h>

#include <stdio.h>

CHAN_TYPE(text_chan, const char *);

struct request {
    const char *town;
    text_chan weather, page; /* room for one answer each */
};

/* The service, on a machine far away. */
static void tell_weather(void *arg)
{
    struct request *request = arg;

    if (request->town[0] == '\0')
        return; /* nobody has expected this: it crashes */
    chan_send(request->weather, "sun");
}

static void build_page(void *arg)
{
    struct request *request = arg;
    const char *weather;

    go(tell_weather, request);
    if (chan_select(RECV(request->weather, &weather), RECV(time_after(10 * MILLISECOND), NULL)))
        weather = "rain (yesterday)";
    chan_send(request->page, weather);
}

int main(void)
{
    struct request request = {"", chan_make(text_chan, 1), chan_make(text_chan, 1)};
    const char *page;

    go(build_page, &request);
    chan_recv(request.page, &page);
    printf("the page: %s\n", page);
    chan_free(request.weather);
    chan_free(request.page);
    return 0;
}
