/* SPDX-License-Identifier: MIT */
/*
 * closing ROUNDS CHILDREN - does a close that comes at any moment do what it must?
 *
 * 1. Receivers of every kind against a close: nobody panics, nobody sleeps on, each gets what was
 *    sent before and then learns of the end.
 * 2. Senders of every kind against a close, and two closes: these must panic, with Go's words, so
 *    each runs in a process of its own (closing child KIND SEED).
 */
#include "load.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

CHAN_TYPE(long_chan, long);

enum { RECEIVERS = 6, SENDERS = 4, VALUES = 5 };

static struct {
    long_chan chan;
    long sum;     /* of what was received */
    int ready;    /* who has begun */
    uint64_t die; /* the closer's */
} current;

static struct waitgroup all = WAITGROUP_INIT;

/* So that the close finds them at different places. */
static void spin(uint32_t turns)
{
    for (volatile uint32_t i = 0; i < turns; i++)
        ;
}

static void begin(void)
{
    __atomic_fetch_add(&current.ready, 1, __ATOMIC_RELEASE);
}

static void wait_until_ready(int count)
{
    while (__atomic_load_n(&current.ready, __ATOMIC_ACQUIRE) < count)
        sched_yield();
    spin(roll(&current.die, 20000));
}

/* --- 1: receivers --- */

static void received(long value)
{
    __atomic_fetch_add(&current.sum, value, __ATOMIC_RELAXED);
}

static void receive(void *unused)
{
    long value = 1;

    (void)unused;
    begin();
    while (chan_recv(current.chan, &value))
        received(value);
    require(value == 0, "a closed channel gave %ld", value);
}

static void receive_by_trying(void *unused)
{
    long value = 1;
    bool ok = true;

    (void)unused;
    begin();
    while (ok)
        if (!chan_try_recv(current.chan, &value, &ok))
            sched_yield();
        else if (ok)
            received(value);
    require(value == 0, "a closed channel gave %ld", value);
}

static void receive_by_select(void *unused)
{
    long_chan never = chan_make(long_chan, 0);
    long value = 1, other;
    bool ok = true;

    (void)unused;
    begin();
    while (ok) {
        value = 1;
        switch (chan_select(RECV(never, &other), RECV_OK(current.chan, &value, &ok))) {
        case 1:
            received(value);
            break;
        default:
            fail("never", "a channel on which nobody sends was chosen");
        }
    }
    require(value == 0, "a closed channel gave %ld", value);
    chan_free(never);
}

static void against_receivers(long rounds)
{
    static void (*const kinds[])(void *) = {receive, receive_by_trying, receive_by_select};

    for (long r = 0; r < rounds; r++) {
        long sent = 0;

        current.chan = chan_make(long_chan, r % 3);
        current.ready = 0;
        current.sum = 0;
        for (int i = 0; i < RECEIVERS; i++)
            waitgroup_go(&all, kinds[(r + i) % 3], NULL);
        if (r % 2)
            wait_until_ready(RECEIVERS);
        for (long i = 1; i <= VALUES; i++) {
            chan_send(current.chan, i);
            sent += i;
        }
        spin(roll(&current.die, 2000));
        chan_close(current.chan);
        waitgroup_wait(&all);
        require(current.sum == sent, "%ld was sent, %ld received", sent, current.sum);
        require(!chan_recv(current.chan, NULL), "a drained channel gives values");
        chan_free(current.chan);
    }
    printf("%ld closes against %d receivers\n", rounds, RECEIVERS);
}

/* --- 2: in the child --- */

static void send_for_ever(void *unused)
{
    (void)unused;
    begin();
    for (;;)
        chan_send(current.chan, 1);
}

static void send_by_trying(void *unused)
{
    (void)unused;
    begin();
    for (;;)
        chan_try_send(current.chan, 1);
}

static void send_by_select(void *unused)
{
    long_chan never = chan_make(long_chan, 0);

    (void)unused;
    begin();
    for (;;)
        chan_select(RECV(never, NULL), SEND(current.chan, 1));
}

static void take_some(void *unused)
{
    (void)unused;
    begin();
    for (;;)
        chan_recv(current.chan, NULL);
}

static void close_it(void *unused)
{
    (void)unused;
    begin();
    wait_until_ready(SENDERS);
    chan_close(current.chan);
}

static const struct kind {
    const char *name;
    void (*run)(void *);
    int capacity;
    bool receivers;
    const char *words;
} kinds[] = {
    {"send", send_for_ever, 0, false, "panic: send on closed channel\n"},
    {"send, taken", send_for_ever, 0, true, "panic: send on closed channel\n"},
    {"send, full", send_for_ever, 3, false, "panic: send on closed channel\n"},
    {"try", send_by_trying, 0, false, "panic: send on closed channel\n"},
    {"try, taken", send_by_trying, 2, true, "panic: send on closed channel\n"},
    {"select", send_by_select, 0, false, "panic: send on closed channel\n"},
    {"select, taken", send_by_select, 1, true, "panic: send on closed channel\n"},
    {"close", close_it, 0, false, "panic: close of closed channel\n"},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static int child(const struct kind *kind, long seed)
{
    alarm(20);
    current.die = (uint64_t)seed;
    current.chan = chan_make(long_chan, kind->capacity);
    for (int i = 0; i < SENDERS; i++)
        go(kind->run, NULL);
    if (kind->receivers)
        go(take_some, NULL);
    wait_until_ready(SENDERS);
    if (kind->run != close_it)
        chan_close(current.chan);
    time_sleep(15 * SECOND); /* somebody panics before that */
    return 0;
}

/* --- 2: in the parent --- */

/* The child's standard error, its beginning. *status is as of waitpid(). */
static void run_child(char *name, long seed, char *text, size_t size, int *status)
{
    extern char **environ;
    char index[16], die[32];
    char *arguments[] = {name, "child", index, die, NULL};
    posix_spawn_file_actions_t actions;
    int ends[2];
    size_t length = 0;
    ssize_t got;
    pid_t pid;

    snprintf(index, sizeof index, "%ld", seed % KINDS);
    snprintf(die, sizeof die, "%ld", seed);
    require(pipe(ends) == 0, "no pipe");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    require(posix_spawn(&pid, "/proc/self/exe", &actions, NULL, arguments, environ) == 0,
            "no child");
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    while ((got = read(ends[0], text + length, size - 1 - length)) > 0)
        length += (size_t)got;
    text[length] = '\0';
    close(ends[0]);
    require(waitpid(pid, status, 0) == pid, "no child to wait for");
}

static void against_senders(char *name, long children)
{
    char text[65536];
    int status;

    for (long i = 0; i < children; i++) {
        const struct kind *kind = &kinds[i % KINDS];

        run_child(name, i, text, sizeof text, &status);
        require(strstr(text, kind->words), "%s, seed %ld: status %#x, said: %s", kind->name, i,
                status, text);
        require(!WIFEXITED(status) || WEXITSTATUS(status) == 66, "%s, seed %ld: status %#x",
                kind->name, i, status); /* 66: the detector had told it before */
    }
    printf("%ld closes against %d senders, or other closes\n", children, SENDERS);
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "child") == 0)
        return child(&kinds[number(argv, 2)], number(argv, 3));
    against_receivers(number(argv, 1));
    against_senders(argv[0], number(argv, 2));
    return 0;
}
