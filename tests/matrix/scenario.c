/* SPDX-License-Identifier: MIT */
/*
 * scenario.c - which scenario of this program is to run?
 */
#include "scenario.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_int reached;

void fail(const char *what)
{
    fprintf(stderr, "scenario: %s\n", what);
    exit(3);
}

pthread_t start(void *(*function)(void *), void *arg)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, function, arg) != 0)
        fail("pthread_create");
    return thread;
}

void join(pthread_t thread)
{
    if (pthread_join(thread, NULL) != 0)
        fail("pthread_join");
}

void sleep_ms(int ms)
{
    usleep(ms * 1000);
}

void reach(int n)
{
    atomic_store(&reached, n);
}

void await(int n)
{
    while (atomic_load(&reached) < n)
        usleep(200);
}

void sem_make(sem_t *sem, unsigned value)
{
    if (sem_init(sem, 0, value) != 0)
        fail("sem_init");
}

int main(int argc, char **argv)
{
    for (const struct scenario *s = scenarios; s->name != NULL; s++) {
        if (argc == 2 && strcmp(s->name, argv[1]) == 0) {
            s->run();
            puts("done");
            return 0;
        }
    }
    fail("usage: PROGRAM SCENARIO");
}
