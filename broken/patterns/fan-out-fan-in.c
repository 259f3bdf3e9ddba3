/* SPDX-License-Identifier: MIT */
/*
 * fan-out-fan-in - three workers share the jobs and one channel of results, which never ends
 *
 * Family:  patterns
 * Bug:     the jobs are closed, so the workers go home. Nobody closes the results: main has counted
 *          all letters and waits for more of them for ever. A worker cannot close them, since the
 *          others may still send.
 * Fix:     somebody who waits for all workers closes the results: a goroutine that does nothing
 *          else.
 * Refs:    "Go Concurrency Patterns: Pipelines and cancellation", go.dev/blog/pipelines; LeakProf
 *          (CGO 2024) "range without close"
 * Expect:  gridlock=deadlock tsan=hang
 */
#include <gridlock.h>

#include <stdio.h>
#include <string.h>

enum { WORKERS = 3 };

static const char *const words[] = {"mercury", "venus",  "earth",   "mars", "jupiter",
                                    "saturn",  "uranus", "neptune", "moon"};
enum { WORDS = sizeof words / sizeof words[0] };

CHAN_TYPE(word_chan, const char *);
CHAN_TYPE(length_chan, int);

struct counting {
    word_chan_receiver words;
    length_chan_sender lengths;
    struct waitgroup workers;
};

/* Fan-out: several workers receive from one channel; each word goes to one of them. */
static void worker(void *arg)
{
    struct counting *counting = arg;
    const char *word;

    while (chan_recv(counting->words, &word))
        chan_send(counting->lengths, (int)strlen(word));
}

int main(void)
{
    word_chan all = chan_make(word_chan, WORDS);
    length_chan lengths = chan_make(length_chan, 0);
    struct counting counting = {all.receiver, lengths.sender, WAITGROUP_INIT};
    int length, count = 0, letters = 0;

    for (int i = 0; i < WORKERS; i++)
        waitgroup_go(&counting.workers, worker, &counting);
    for (int i = 0; i < WORDS; i++)
        chan_send(all, words[i]);
    chan_close(all);

    /* Fan-in: the results come in any order. */
    for (; chan_recv(lengths, &length); count++)
        letters += length;
    printf("%d words, %d letters\n", count, letters);
    chan_free(all);
    chan_free(lengths);
    return 0;
}
