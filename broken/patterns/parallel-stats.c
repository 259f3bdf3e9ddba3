/* SPDX-License-Identifier: MIT */
/*
 * parallel-stats - four statistics of a user at once; the first error ends the work, and leaks it
 *
 * Family:  patterns
 * Bug:     the first error cancels the context, which the others notice, and returns. But they also
 *          have a result to send, "context canceled", and nobody receives it any more. Each failed
 *          page leaves three goroutines behind, with all that they hold.
 * Fix:     keep the first error, cancel, and receive what the others say all the same: they are
 *          cancelled, so it will not be long.
 * Refs:    LeakProf (CGO 2024) "early return"; 100 Go Mistakes, number 73 (errgroup)
 * Expect:  gridlock=leaked-thread tsan=silent
 */
#include <gridlock.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POSTS, PHOTOS, FRIENDS, LIKES, STATISTICS };

struct result {
    int value;
    const char *error; /* NULL: it went well */
};

CHAN_TYPE(result_chan, struct result);

struct page {
    const char *user;
    struct context *ctx;
    result_chan results;
    struct waitgroup statistics;
    struct statistic {
        struct page *page;
        int number;
    } tasks[STATISTICS];
};

/* Friends are counted at once, if there is such a user; all else takes a while. */
static void compute(void *arg)
{
    struct statistic *task = arg;
    struct page *page = task->page;
    struct result result = {task->number + 1, NULL};
    bool known = strcmp(page->user, "Ann") == 0;

    if (task->number == FRIENDS)
        result.error = known ? NULL : "no such user";
    else if (chan_select(RECV(time_after((known ? 2 : 10000) * MILLISECOND), NULL),
                         RECV(context_done(page->ctx), NULL)) == 1)
        result.error = context_error_text(context_err(page->ctx));
    chan_send(page->results, result);
}

/* Adds up the statistics of a user: NULL, or the first error. */
static const char *add_up(const char *user, int *total)
{
    struct page *page = calloc(1, sizeof *page);
    const char *error = NULL;
    struct result result;

    page->user = user;
    page->ctx = context_with_cancel(context_background());
    page->results = chan_make(result_chan, 0);
    for (int i = 0; i < STATISTICS; i++) {
        page->tasks[i] = (struct statistic){page, i};
        waitgroup_go(&page->statistics, compute, &page->tasks[i]);
    }
    for (int i = 0; i < STATISTICS; i++) {
        chan_recv(page->results, &result);
        if (result.error != NULL) {
            context_cancel(page->ctx);
            return result.error;
        }
        *total += result.value;
    }
    waitgroup_wait(&page->statistics);
    context_cancel(page->ctx);
    context_free(page->ctx);
    chan_free(page->results);
    free(page);
    return error;
}

int main(void)
{
    static const char *const users[] = {"Ann", "Bob", "Cem"};

    for (int i = 0; i < 3; i++) {
        int total = 0;
        const char *error = add_up(users[i], &total);

        if (error != NULL)
            printf("%s: %s\n", users[i], error);
        else
            printf("%s: %d in all\n", users[i], total);
    }
    time_sleep(30 * MILLISECOND); /* the next user */
    return 0;
}
