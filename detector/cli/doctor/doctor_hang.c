/* SPDX-License-Identifier: MIT */
/*
 * doctor_hang.c - `gridlock doctor --hang`: what does a hang look like here?
 *
 * Two threads take two locks in opposite orders, and a barrier sees to it that both have their first
 * before they ask for the second. The doctor runs it under `gridlock run`; anybody can, and can try
 * attach, a core and gdb on it. It ends by itself, lest one be forgotten.
 */
#include <pthread.h>
#include <unistd.h>

#include "detector/cli/base/status.h"
#include "detector/cli/doctor/doctor_look.h"

enum { HANG_SECONDS = 600 };

static pthread_mutex_t fork_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t knife_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both_hold_one;

struct diner {
    const char *name;
    pthread_mutex_t *first, *second;
};

static void *eat(void *arg)
{
    struct diner *diner = arg;

    pthread_setname_np(pthread_self(), diner->name);
    pthread_mutex_lock(diner->first);
    pthread_barrier_wait(&both_hold_one);
    pthread_mutex_lock(diner->second);
    pthread_mutex_unlock(diner->second);
    pthread_mutex_unlock(diner->first);
    return NULL;
}

int hang(void)
{
    static struct diner diners[] = {
        {"alice", &fork_lock, &knife_lock},
        {"bob", &knife_lock, &fork_lock},
    };
    pthread_t threads[2];

    alarm(HANG_SECONDS);
    pthread_barrier_init(&both_hold_one, NULL, 2);
    for (int i = 0; i < 2; i++)
        if (pthread_create(&threads[i], NULL, eat, &diners[i]) != 0)
            return STATUS_COMMAND_FAILED;
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    return STATUS_OK;
}
