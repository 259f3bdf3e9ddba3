/* SPDX-License-Identifier: MIT */
/*
 * many.c - many N: N threads that queue up for one lock, until SIGUSR1 lets them through
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t door = PTHREAD_MUTEX_INITIALIZER;
static long through;

static void *queue_up(void *own)
{
    pthread_mutex_lock(&door);
    through++;
    pthread_mutex_unlock(&door);
    return own;
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 100, signal;
    pthread_t *threads = calloc((size_t)count, sizeof(*threads));
    sigset_t set;

    alarm(100);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    pthread_mutex_lock(&door);
    for (int i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, queue_up, NULL) != 0)
            return 1;
    printf("ready\n");
    fflush(stdout);
    sigwait(&set, &signal);
    pthread_mutex_unlock(&door);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    return through == count ? 0 : 1;
}
