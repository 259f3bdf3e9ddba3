/* SPDX-License-Identifier: MIT */
/*
 * channel.c - a goroutine that nobody will ever send to, and main that stops for gdb
 */
#include <gridlock.h>
#include <signal.h>
#include <unistd.h>

CHAN_TYPE(int_chan, int);

static void receive_forever(void *arg)
{
    int_chan *never = arg;
    int value;

    chan_recv(*never, &value);
}

int main(void)
{
    int_chan never = chan_make(int_chan, 0);

    alarm(300);
    go_named("hungry", receive_forever, &never);
    time_sleep(1 * SECOND);
    kill(getpid(), SIGINT);
    return 0;
}
