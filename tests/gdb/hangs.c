/* SPDX-License-Identifier: MIT */
/*
 * hangs.c - programs that hang, or only look as if they did, for gdb
 *
 * Usage: hangs abba|join|idle|crowd [stop]
 *
 * `stop`: main sends the process a SIGINT once all have come to rest, as Ctrl-C would. Without it, it
 * prints "ready" then.
 */
#define _GNU_SOURCE /* names of threads */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CROWD = 60, LIFE_SECONDS = 300 };

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER, right = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t queue_filled = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t all_there;
static pthread_t first, second;

/* For comparing cores: memory of each kind. */
static char *in_heap, never_touched[1 << 20], in_data[] = "data";

static void arrive(const char *name)
{
    pthread_setname_np(pthread_self(), name);
    pthread_barrier_wait(&all_there);
}

static void *left_then_right(void *arg)
{
    pthread_mutex_lock(&left);
    arrive("lefty");
    pthread_mutex_lock(&right);
    return arg;
}

static void *right_then_left(void *arg)
{
    pthread_mutex_lock(&right);
    arrive("righty");
    pthread_mutex_lock(&left);
    return arg;
}

static void *join_second(void *arg)
{
    arrive("joiner");
    pthread_join(second, NULL);
    return arg;
}

static void *join_first(void *arg)
{
    arrive("joined");
    pthread_join(first, NULL);
    return arg;
}

/* Somebody may fill the queue: main lives. */
static void *wait_for_work(void *arg)
{
    arrive("worker");
    pthread_mutex_lock(&queue_lock);
    pthread_cond_wait(&queue_filled, &queue_lock);
    pthread_mutex_unlock(&queue_lock);
    return arg;
}

static const struct {
    const char *name;
    void *(*first)(void *), *(*second)(void *);
    int workers;
} kinds[] = {
    {"abba", left_then_right, right_then_left, 0},
    {"join", join_second, join_first, 0},
    {"idle", wait_for_work, wait_for_work, 0},
    {"crowd", left_then_right, right_then_left, CROWD},
};

static void start(int kind)
{
    pthread_t worker;

    pthread_barrier_init(&all_there, NULL, (unsigned)kinds[kind].workers + 3);
    pthread_create(&first, NULL, kinds[kind].first, NULL);
    pthread_create(&second, NULL, kinds[kind].second, NULL);
    for (int i = 0; i < kinds[kind].workers; i++)
        pthread_create(&worker, NULL, wait_for_work, NULL);
    pthread_barrier_wait(&all_there);
}

int main(int argc, char **argv)
{
    alarm(LIFE_SECONDS);
    in_heap = strdup("heap");
    in_data[0] = 'D';
    for (int i = 0; argc > 1 && i < (int)(sizeof kinds / sizeof kinds[0]); i++)
        if (strcmp(kinds[i].name, argv[1]) == 0)
            start(i);
    sleep(1); /* from the barrier to the wait is a short way; what must not hang has no deadline */
    if (argc > 2)
        kill(getpid(), SIGINT);
    printf("ready %s %s %s\n", in_heap, in_data, never_touched);
    fflush(stdout);
    for (;;)
        pause();
}
