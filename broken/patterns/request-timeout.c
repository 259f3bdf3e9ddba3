/* SPDX-License-Identifier: MIT */
/*
 * request-timeout - a request is given up, and its worker has an answer and nobody to tell
 *
 * Family:  patterns
 * Bug:     request() takes the answer, or loses patience, or is cancelled. In the last two cases
 *          nobody receives any more. The worker gets its answer later and waits for ever to hand it
 *          over.
 * Fix:     the worker, too, listens to the context: its send is in a select. At the end all workers
 *          can be waited for.
 * Refs:    LeakProf (CGO 2024) "timeout leak"; 100 Go Mistakes, number 62;
 *          "Go Concurrency Patterns: Timing out, moving on", go.dev/blog/concurrency-timeouts
 * Expect:  gridlock=leaked-thread tsan=silent
 */
#include <gridlock.h>

#include <stdio.h>
#include <string.h>

enum { REQUESTS = 4 };

CHAN_TYPE(status_chan, int);
CHAN_TYPE(cable_chan, char);

static cable_chan cable; /* all sites but the local one are behind it; closed when it is mended */
static struct waitgroup workers;
static struct waitgroup unanswered; /* requests whose site has not answered yet */

static struct request {
    const char *site;
    struct context *ctx;
    status_chan answer;
} requests[REQUESTS]; /* not on main's stack: a worker may outlive main */
static int asked;

static void work(void *arg)
{
    struct request *request = arg;
    int status = 200;

    if (strcmp(request->site, "local weather") != 0)
        chan_recv(cable, NULL);
    waitgroup_done(&unanswered);
    chan_send(request->answer, status);
}

static void ask(const char *site, struct context *ctx, int64_t patience)
{
    struct request *request = &requests[asked++];
    int status;

    *request = (struct request){site, ctx, chan_make(status_chan, 0)};
    waitgroup_add(&unanswered, 1);
    waitgroup_go(&workers, work, request);
    switch (chan_select(RECV(request->answer, &status), RECV(time_after(patience), NULL),
                        RECV(context_done(ctx), NULL))) {
    case 0:
        printf("%s: %d\n", site, status);
        break;
    case 1:
        printf("%s: no answer\n", site);
        break;
    case 2:
        printf("%s: %s\n", site, context_error_text(context_err(ctx)));
        break;
    }
}

int main(void)
{
    struct context *day = context_with_cancel(context_background());
    struct context *minute = context_with_timeout(day, 3 * MILLISECOND);

    cable = chan_make(cable_chan, 0);
    ask("local weather", day, 10 * SECOND);
    ask("news", day, 3 * MILLISECOND);
    ask("mail", minute, 10 * SECOND);
    chan_close(cable); /* mended: now all answers come */
    ask("news", day, 10 * SECOND);

    waitgroup_wait(&unanswered);
    time_sleep(50 * MILLISECOND); /* the rest of the day */
    context_cancel(day);
    context_free(minute);
    context_free(day);
    return 0;
}
