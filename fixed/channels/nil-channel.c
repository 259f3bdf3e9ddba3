/* SPDX-License-Identifier: MIT */
/*
 * nil-channel - the desk gets its copy of the handles before one of the channels is made
 *
 * Family:  channels
 * Bug:     a channel in C is a handle that is copied. open_desk() puts copies of both handles into
 *          the desk, but `answers` is made only afterwards: the desk keeps a nil channel. No error
 *          is reported, a send on nil just waits for ever; main() waits on the real one.
 * Fix:     make the channels first, then give them away.
 * Refs:    100 Go Mistakes, number 66; Go 101, "Channels in Go"
 * Expect:  gridlock=silent tsan=silent output="1 is answered with 42"
 */
#include <gridlock.h>

#include <stdio.h>

CHAN_TYPE(int_chan, int);

struct desk {
    int_chan_receiver questions;
    int_chan_sender answers;
};

static struct help_line {
    int_chan questions, answers;
    struct desk desk;
} line;

static void answer_questions(void *arg)
{
    struct desk *desk = arg;
    int question;

    while (chan_recv(desk->questions, &question))
        chan_send(desk->answers, 41 + question);
}

static void open_desk(void)
{
    line.desk = (struct desk){line.questions.receiver, line.answers.sender};
    go(answer_questions, &line.desk);
}

int main(void)
{
    int answer;

    line.questions = chan_make(int_chan, 0);
    line.answers = chan_make(int_chan, 0);
    open_desk();
    chan_send(line.questions, 1);
    chan_recv(line.answers, &answer);
    printf("1 is answered with %d\n", answer);
    chan_close(line.questions);
    return 0;
}
