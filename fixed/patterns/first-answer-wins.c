/* SPDX-License-Identifier: MIT */
/*
 * first-answer-wins - three mirrors are asked for a file, the first answer is taken
 *
 * Family:  patterns
 * Bug:     one receive for three sends: the two that lose wait to send to nobody, for ever. The
 *          context is cancelled, but who is in a plain send does not look at it. Three files
 *          leave six goroutines behind.
 * Fix:     the losers may give up: the send is in a select with the context. Then they can be
 *          waited for, and what they shared can be freed.
 * Refs:    LeakProf (CGO 2024) "NCast leak"; go101.org/article/concurrent-common-mistakes.html
 * Expect:  gridlock=silent tsan=silent output="kernel: 600 bytes; shell: 500 bytes"
 */
#include <gridlock.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MIRRORS = 3 };

CHAN_TYPE(size_chan, size_t);

struct download {
    const char *file;
    struct context *ctx; /* cancelled when one mirror has answered */
    size_chan sizes;
    struct waitgroup mirrors;
};

static void ask_mirror(void *arg)
{
    struct download *d = arg;
    size_t size = 100 * strlen(d->file);

    chan_select(SEND(d->sizes, size), RECV(context_done(d->ctx), NULL));
}

/* The size of the file, as the fastest mirror says it. */
static size_t fetch(const char *file)
{
    struct download *d = calloc(1, sizeof *d);
    size_t size;

    d->file = file;
    d->ctx = context_with_cancel(context_background());
    d->sizes = chan_make(size_chan, 0);
    for (int i = 0; i < MIRRORS; i++)
        waitgroup_go(&d->mirrors, ask_mirror, d);
    chan_recv(d->sizes, &size);
    context_cancel(d->ctx);
    waitgroup_wait(&d->mirrors);
    context_free(d->ctx);
    chan_free(d->sizes);
    free(d);
    return size;
}

int main(void)
{
    static const char *const files[] = {"kernel", "manual", "shell"};

    for (int i = 0; i < 3; i++)
        printf("%s: %zu bytes\n", files[i], fetch(files[i]));
    time_sleep(30 * MILLISECOND); /* the rest of the program */
    return 0;
}
