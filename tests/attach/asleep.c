/* SPDX-License-Identifier: MIT */
/*
 * asleep.c - threads that sleep in calls which a stop would break, some functions deep
 *
 * Their stacks must be followed without rbp; and what lies above the stack pointer is full of frames
 * of functions that have long returned.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <unistd.h>

static int by_epoll(void)
{
    struct epoll_event event;

    return epoll_wait(epoll_create1(EPOLL_CLOEXEC), &event, 1, -1);
}

static int by_receive(void)
{
    int ends[2];
    char byte;

    socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    return (int)recv(ends[0], &byte, 1, 0);
}

static int by_read(void)
{
    int ends[2];
    char byte;

    socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    return (int)read(ends[0], &byte, 1);
}

static int by_semaphore(void)
{
    struct sembuf take = {0, -1, 0};

    return semop(semget(IPC_PRIVATE, 1, 0600), &take, 1);
}

static int by_signal(void)
{
    sigset_t set;
    int signal;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    return sigwait(&set, &signal);
}

__attribute__((noinline)) static int litter(int depth)
{
    volatile char waste[700];

    memset((char *)waste, depth, sizeof(waste));
    return depth == 0 ? waste[3] : litter(depth - 1) + waste[5];
}

__attribute__((noinline)) static int descend(int depth, int (*call)(void))
{
    char room[300];

    memset(room, depth, sizeof(room));
    return (depth == 0 ? call() : descend(depth - 1, call)) + room[7];
}

static void *work(void *own)
{
    int (**call)(void) = own;

    litter(9);
    descend(4, *call);
    return own;
}

int main(void)
{
    static int (*const calls[])(void) = {by_epoll, by_receive, by_read, by_semaphore, by_signal};
    pthread_t thread;

    alarm(100);
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
        pthread_create(&thread, NULL, work, (void *)&calls[i]);
    usleep(100 * 1000);
    printf("ready\n");
    fflush(stdout);
    litter(9);
    descend(4, by_epoll);
    return 0;
}
