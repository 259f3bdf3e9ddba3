/* SPDX-License-Identifier: MIT */
/*
 * goroutines alive COUNT - so many at one time: what does one cost?
 * goroutines spawn COUNT - so many one after the other, a hundred at a time: does one leave
 *                          something behind?
 */
#include "load.h"

#include <stdio.h>
#include <string.h>

CHAN_TYPE(gate_chan, struct {});

enum { AT_A_TIME = 100, LEFT_BEHIND = 32 /* bytes a goroutine */ };

static gate_chan gate;
static struct waitgroup arrived = WAITGROUP_INIT, gone = WAITGROUP_INIT;
static long passed;

/* The count is lowered by a goroutine's last instructions, after its WaitGroup's. */
static void require_count(size_t wanted)
{
    for (int64_t end = now() + 20 * SECOND; go_count() != wanted;) {
        require(now() < end, "go_count() is %zu, not %zu", go_count(), wanted);
        time_sleep(MILLISECOND);
    }
}

static void stand(void *unused)
{
    (void)unused;
    waitgroup_done(&arrived);
    require(!chan_recv(gate, NULL), "the gate gives no values");
    __atomic_fetch_add(&passed, 1, __ATOMIC_RELAXED);
    waitgroup_done(&gone);
}

static void alive(long count)
{
    size_t before = resident(), during;
    int64_t start = now();

    gate = chan_make(gate_chan, 0);
    waitgroup_add(&arrived, (int)count);
    waitgroup_add(&gone, (int)count);
    for (long i = 0; i < count; i++)
        go(stand, NULL);
    waitgroup_wait(&arrived);
    during = resident();
    require(go_count() == (size_t)count + 1, "go_count() is %zu", go_count());
    chan_close(gate);
    waitgroup_wait(&gone);
    require(passed == count, "%ld came through the gate", passed);
    require_count(1);
    printf("%ld alive at once: %.1f KiB each, %.1f us to start and end one\n", count,
           (double)(during - before) / (double)count / 1024,
           (double)(now() - start) / (double)count / 1000);
    chan_free(gate);
}

static void pass(void *unused)
{
    (void)unused;
    __atomic_fetch_add(&passed, 1, __ATOMIC_RELAXED);
    chan_recv(gate, NULL);
}

static void spawn_some(long count)
{
    for (long i = 0; i < count; i++) {
        chan_send(gate, {}); /* waits for one to end, if AT_A_TIME are alive */
        waitgroup_go(&gone, pass, NULL);
    }
    waitgroup_wait(&gone);
    require_count(1);
}

static void spawn(long count)
{
    size_t before;
    int64_t start = now();

    gate = chan_make(gate_chan, AT_A_TIME);
    spawn_some(count / 10); /* caches fill up */
    before = resident();
    spawn_some(count - count / 10);
    require(passed == count, "%ld of %ld ran", passed, count);
    require(SANITIZED || resident() < before + (size_t)count * LEFT_BEHIND,
            "memory grew by %zu bytes", resident() - before);
    printf("%ld spawned and joined: %.1f us each, memory grew by %ld KiB\n", count,
           (double)(now() - start) / (double)count / 1000,
           ((long)resident() - (long)before) / 1024);
    chan_free(gate);
}

int main(int argc, char **argv)
{
    long count = number(argv, 2);

    (void)argc;
    if (strcmp(argv[1], "alive") == 0)
        alive(count);
    else
        spawn(count);
    return 0;
}
