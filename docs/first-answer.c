/* SPDX-License-Identifier: MIT */
/* first-answer.c - the readme's example: who is not first waits for ever */
#include <gridlock.h>
#include <stdio.h>

CHAN_TYPE(answer_chan, const char *);

static answer_chan answers;

static void ask(void *city)
{
    chan_send(answers, city);
}

int main(void)
{
    const char *first;

    answers = chan_make(answer_chan, 0);
    go(ask, "Oslo");
    go(ask, "Lima");
    go(ask, "Cairo");
    chan_recv(answers, &first);
    printf("%s was first\n", first);
    time_sleep(100 * MILLISECOND); /* the rest of the program */
    return 0;
}
