/* SPDX-License-Identifier: MIT */
/*
 * chan-op-under-lock - a send waits with a lock held that its receiver takes first
 *
 * Family:  deadlocks
 * Bug:     flush() sends all lines to the printer under the lock. The printer takes the first one,
 *          and wants the lock to count it; flush() keeps the lock until the second one is taken.
 *          Half of the circle is a lock and half a channel: no lock order can help here.
 * Fix:     take out under the lock what is to be sent, unlock, then send.
 * Refs:    Tu et al., ASPLOS 2019, "blocking bugs" of channels together with locks
 * Expect:  gridlock=deadlock tsan=hang
 */
#include <gridlock.h>

#include <stdio.h>
#include <string.h>

enum { LINES = 3 };

CHAN_TYPE(line_chan, const char *);

static struct journal {
    pthread_mutex_t lock;
    const char *lines[LINES]; /* under lock; the first `count` ones wait to be printed */
    int count, printed;       /* under lock */
    line_chan printer;
} journal = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void print_lines(void *arg)
{
    struct waitgroup *printing = arg;
    const char *line;

    while (chan_recv(journal.printer, &line)) {
        puts(line);
        pthread_mutex_lock(&journal.lock);
        journal.printed++;
        pthread_mutex_unlock(&journal.lock);
    }
    waitgroup_done(printing);
}

static void write_line(const char *line)
{
    pthread_mutex_lock(&journal.lock);
    journal.lines[journal.count++] = line;
    pthread_mutex_unlock(&journal.lock);
}

static void flush(void)
{
    pthread_mutex_lock(&journal.lock);
    for (int i = 0; i < journal.count; i++)
        chan_send(journal.printer, journal.lines[i]);
    journal.count = 0;
    pthread_mutex_unlock(&journal.lock);
}

int main(void)
{
    struct waitgroup printing = WAITGROUP_INIT;

    journal.printer = chan_make(line_chan, 0);
    waitgroup_add(&printing, 1);
    go(print_lines, &printing);
    write_line("7:00 the ship leaves");
    write_line("7:30 fog");
    write_line("8:10 an iceberg");
    flush();
    chan_close(journal.printer);
    waitgroup_wait(&printing);
    printf("%d lines printed\n", journal.printed);
    chan_free(journal.printer);
    return 0;
}
