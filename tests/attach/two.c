/* SPDX-License-Identifier: MIT */
/*
 * two.c - two threads that wait for each other, and a third that sleeps; built in many ways
 */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both;

static void take(pthread_mutex_t *mine, pthread_mutex_t *other)
{
    pthread_mutex_lock(mine);
    pthread_barrier_wait(&both);
    pthread_mutex_lock(other);
}

static void *forwards(void *own)
{
    take(&first, &second);
    return own;
}

static void *backwards(void *own)
{
    take(&second, &first);
    return own;
}

static void *idle(void *own)
{
    sleep(100);
    return own;
}

int main(void)
{
    pthread_t thread;

    alarm(100);
    pthread_barrier_init(&both, NULL, 2);
    pthread_create(&thread, NULL, idle, NULL);
    pthread_create(&thread, NULL, forwards, NULL);
    pthread_create(&thread, NULL, backwards, NULL);
    usleep(100 * 1000);
    printf("ready\n");
    fflush(stdout);
    pthread_join(thread, NULL);
    return 0;
}
