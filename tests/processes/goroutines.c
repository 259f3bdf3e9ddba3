/* SPDX-License-Identifier: MIT */
/*
 * goroutines.c - goroutines and channels in a process, in its child, and in what the child starts
 *
 * Usage: goroutines work | child | leak-in-child | start | start-leak
 */
#include <gridlock.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

CHAN_TYPE(int_chan, int);

static int_chan squares;

static void square(void *arg)
{
    for (int i = 1; i <= 3; i++)
        chan_send(squares, i * i);
    chan_close(squares);
    (void)arg;
}

static void work(const char *who)
{
    int n, sum = 0;

    squares = chan_make(int_chan, 0);
    go(square, NULL);
    while (chan_recv(squares, &n))
        sum += n;
    chan_free(squares);
    printf("%s: %d\n", who, sum);
    fflush(stdout);
}

/* Nobody receives: the goroutine is blocked when the process ends. */
static void leak(void)
{
    squares = chan_make(int_chan, 0);
    go(square, NULL);
    usleep(100000);
}

static void in_child(const char *self, const char *what)
{
    int status;
    pid_t child = fork();

    if (child == 0 && self != NULL)
        execl(self, self, what, (char *)NULL);
    if (child == 0) {
        if (strcmp(what, "leak") == 0)
            leak();
        else
            work("child");
        exit(0);
    }
    waitpid(child, &status, 0);
    printf("child: status %d\n", WEXITSTATUS(status));
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";

    work("parent");
    if (strcmp(what, "leak") == 0)
        leak();
    else if (strcmp(what, "child") == 0)
        in_child(NULL, "work");
    else if (strcmp(what, "leak-in-child") == 0)
        in_child(NULL, "leak");
    else if (strcmp(what, "start") == 0)
        in_child(argv[0], "work");
    else if (strcmp(what, "start-leak") == 0)
        in_child(argv[0], "leak");
    return 0;
}
