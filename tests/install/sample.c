/* SPDX-License-Identifier: MIT */
/*
 * sample.c - a program as a user writes it: something of each header
 *
 * Usage: sample         prints 285, the sum of the squares below ten, and ends well
 *        sample stuck   waits for a value that nobody sends
 *        sample maps    prints the libgridlock files that it has in memory
 *        sample threads prints how many threads it has besides main and one goroutine
 */
#include <gridlock.h>

#include <dirent.h>
#include <stdio.h>
#include <string.h>

CHAN_TYPE(int_chan, int);

struct stage {
    int_chan_receiver in;
    int_chan_sender out;
    struct waitgroup *done;
};

static void count(void *arg)
{
    int_chan_sender out = *(int_chan_sender *)arg;

    for (int i = 0; i < 10; i++)
        chan_send(out, i);
    chan_close(out);
}

static void square(void *arg)
{
    struct stage *stage = arg;
    int n;

    while (chan_recv(stage->in, &n))
        chan_send(stage->out, n * n);
}

static void close_after(void *arg)
{
    struct stage *stage = arg;

    waitgroup_wait(stage->done);
    chan_close(stage->out);
}

static int sum_of_squares(void)
{
    struct context *ctx = context_with_timeout(context_background(), 60 * SECOND);
    DEFER(context_free, ctx);
    DEFER(context_cancel, ctx);
    int_chan numbers = chan_make(int_chan, 0), squares = chan_make(int_chan, 3);
    struct waitgroup workers = WAITGROUP_INIT;
    struct stage stage = {numbers.receiver, squares.sender, &workers};
    int n, sum = 0;
    bool more = true;

    gridlock_name(numbers.chan, "numbers");
    go_named("counter", count, &numbers.sender);
    for (int i = 0; i < 3; i++)
        waitgroup_go(&workers, square, &stage);
    go(close_after, &stage);
    while (more) {
        switch (chan_select(RECV_OK(squares, &n, &more), RECV(context_done(ctx), NULL))) {
        case 0:
            sum += n;
            break;
        case 1:
            return -1;
        }
    }
    while (go_count() > 1)
        time_sleep(MILLISECOND);
    chan_free(numbers);
    chan_free(squares);
    return sum;
}

static void stuck(void)
{
    int_chan never = chan_make(int_chan, 0);

    gridlock_name(never.chan, "never");
    chan_recv(never, NULL);
}

static void print_maps(void)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[4096], last[4096] = "";

    while (maps && fgets(line, sizeof line, maps)) {
        const char *path = strchr(line, '/');

        if (path && strstr(path, "libgridlock") && strcmp(path, last)) {
            fputs(path, stdout);
            strcpy(last, path);
        }
    }
    if (maps)
        fclose(maps);
}

static void wait_for(void *done)
{
    chan_recv(*(int_chan_receiver *)done, NULL);
}

static void print_threads(void)
{
    int_chan done = chan_make(int_chan, 0);
    DIR *threads;
    int count = -4; /* main, the goroutine, `.` and `..` */

    go(wait_for, &done.receiver);
    threads = opendir("/proc/self/task");
    while (threads && readdir(threads))
        count++;
    if (threads)
        closedir(threads);
    printf("%d\n", count);
    chan_send(done, 0);
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "stuck"))
        stuck();
    else if (argc > 1 && !strcmp(argv[1], "maps"))
        print_maps();
    else if (argc > 1)
        print_threads();
    else
        printf("%d\n", sum_of_squares());
    return 0;
}
