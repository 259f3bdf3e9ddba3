/* SPDX-License-Identifier: MIT */
/*
 * wg-add-in-goroutine - every goroutine announces itself, when main() has long stopped waiting
 *
 * Family:  waiting
 * Bug:     fetch() calls waitgroup_add() itself, as soon as it has found the server. main() comes
 *          to its wait before that: nothing is announced, so there is nothing to wait for. (If the
 *          add meets the very end of a wait, the WaitGroup panics.)
 * Fix:     announce a task before it is started, in the thread that waits.
 * Refs:    100 Go Mistakes, number 71; Go 101, "Common Concurrent Programming Mistakes"
 * Expect:  gridlock=silent tsan=data-race output="all pages are here, 0 bytes"
 */
#include <gridlock.h>

#include <stdio.h>

enum { PAGES = 3 };

CHAN_TYPE(signal_chan, struct {});

static signal_chan online; /* closed when the network is there */
static struct waitgroup fetching;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int bytes; /* under lock, until all pages are here */

static int find_server(int page)
{
    chan_recv(online, NULL);
    time_sleep(40 * MILLISECOND);
    return 1000 + page;
}

static void fetch(void *arg)
{
    int port = find_server(*(int *)arg);

    waitgroup_add(&fetching, 1);
    pthread_mutex_lock(&lock);
    bytes += port % 1000 + 1;
    pthread_mutex_unlock(&lock);
    waitgroup_done(&fetching);
}

int main(void)
{
    static int pages[PAGES] = {0, 1, 2};

    online = chan_make(signal_chan, 0);
    for (int i = 0; i < PAGES; i++)
        go(fetch, &pages[i]);
    chan_close(online);
    waitgroup_wait(&fetching);
    printf("all pages are here, %d bytes\n", bytes);
    while (go_count() > 1) /* the user reads, until even the last one is gone */
        time_sleep(5 * MILLISECOND);
    chan_free(online);
    return 0;
}
