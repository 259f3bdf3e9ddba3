/* SPDX-License-Identifier: MIT */
/*
 * forgotten-cancel - one path out of the function forgets the context that it made
 *
 * Family:  context
 * Bug:     answer() makes a context, and a goroutine shows "is typing" until that is cancelled. An
 *          empty question is answered at once, by a return that does not cancel. The context, and
 *          all who wait on it, stay for ever.
 * Fix:     DEFER the cancel in the line below the one that makes the context: then every way out
 *          goes through it. Cancelling twice does no harm.
 * Refs:    go vet "lostcancel"; the Go documentation of context.WithCancel; 100 Go Mistakes,
 *          number 60
 * Expect:  gridlock=missing-cancel tsan=silent
 */
#include <gridlock.h>

#include <stdio.h>
#include <string.h>

static void show_typing(void *arg)
{
    struct context *answered = arg;

    /* ... three dots appear on the other side ... */
    chan_recv(context_done(answered), NULL);
    /* ... and vanish ... */
}

static const char *answer(struct context *session, const char *question)
{
    struct context *answered = context_with_cancel(session);

    go(show_typing, answered);
    if (strlen(question) == 0)
        return "please ask something";
    time_sleep(5 * MILLISECOND); /* thinking */
    context_cancel(answered);
    return "42";
}

int main(void)
{
    static const char *const questions[] = {"what is two and two", ""};
    struct context *session = context_background();

    for (int i = 0; i < 2; i++)
        printf("%s? %s\n", questions[i], answer(session, questions[i]));
    time_sleep(30 * MILLISECOND); /* other conversations */
    return 0;
}
