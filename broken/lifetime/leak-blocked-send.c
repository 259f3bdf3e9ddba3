/* SPDX-License-Identifier: MIT */
/*
 * leak-blocked-send - the caller gives up waiting, and the goroutine sends to nobody for ever
 *
 * Family:  lifetime
 * Bug:     ask() waits 0.1 s for an answer and then returns. The goroutine finds its answer later,
 *          and sends it on a channel from which nobody will receive: an unbuffered send waits for
 *          its receiver. Each slow answer leaves one more goroutine behind.
 * Fix:     a buffer of one: the answer finds its place whether somebody waits for it or not.
 * Refs:    LeakProf (CGO 2024) "timeout leak"; 100 Go Mistakes, number 62; CWE-772
 * Expect:  gridlock=leaked-thread tsan=silent
 */
#include <gridlock.h>

#include <stdio.h>
#include <stdlib.h>

CHAN_TYPE(answer_chan, int);

struct question {
    int number;
    int64_t effort; /* how long the answer takes to find */
    answer_chan_sender answer;
};

static void find_answer(void *arg)
{
    struct question question = *(struct question *)arg;

    free(arg);
    time_sleep(question.effort);
    chan_send(question.answer, 6 * question.number);
}

/* The answer, or -1 if it takes too long. */
static int ask(int number, int64_t effort)
{
    answer_chan answer = chan_make(answer_chan, 0);
    struct question *question = malloc(sizeof *question);
    int result = -1;

    *question = (struct question){number, effort, answer.sender};
    go(find_answer, question);
    chan_select(RECV(answer, &result), RECV(time_after(100 * MILLISECOND), NULL));
    return result;
}

int main(void)
{
    printf("the answer is %d\n", ask(7, 0));
    printf("the answer is %d\n", ask(8, 120 * MILLISECOND));
    time_sleep(60 * MILLISECOND); /* other work */
    puts("good night");
    return 0;
}
