/* SPDX-License-Identifier: MIT */
/*
 * leak-blocked-send - the caller gives up waiting, and the goroutine sends to nobody for ever
 *
 * Family:  lifetime
 * Bug:     ask() waits for an answer, but not for ever. The goroutine finds its answer later, and
 *          sends it on a channel from which nobody will receive: an unbuffered send waits for its
 *          receiver. Each slow answer leaves one more goroutine behind.
 * Fix:     a buffer of one: the answer finds its place whether somebody waits for it or not.
 * Refs:    LeakProf (CGO 2024) "timeout leak"; 100 Go Mistakes, number 62; CWE-772
 * Expect:  gridlock=silent tsan=silent output="the answer is 42; the answer is -1; good night"
 */
#include <gridlock.h>

#include <stdio.h>
#include <stdlib.h>

CHAN_TYPE(answer_chan, int);
CHAN_TYPE(book_chan, const char *);

struct question {
    int number;
    answer_chan_sender answer;
};

static book_chan library; /* its only book, when it is there */

static void find_answer(void *arg)
{
    struct question question = *(struct question *)arg;
    const char *book;

    free(arg);
    if (question.number > 7) { /* must be looked up */
        chan_recv(library, &book);
        chan_send(library, book);
    }
    chan_send(question.answer, 6 * question.number);
}

/* The answer, or -1 if it takes too long. */
static int ask(int number, int64_t patience)
{
    answer_chan answer = chan_make(answer_chan, 1);
    struct question *question = malloc(sizeof *question);
    int result = -1;

    *question = (struct question){number, answer.sender};
    go(find_answer, question);
    chan_select(RECV(answer, &result), RECV(time_after(patience), NULL));
    return result;
}

int main(void)
{
    const char *book = "The Book of Sixes";

    library = chan_make(book_chan, 0);
    printf("the answer is %d\n", ask(7, 5 * SECOND));
    printf("the answer is %d\n", ask(8, 10 * MILLISECOND));
    chan_send(library, book); /* somebody brings it back */
    chan_recv(library, &book);
    time_sleep(40 * MILLISECOND); /* other work */
    puts("good night");
    return 0;
}
