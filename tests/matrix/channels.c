/* SPDX-License-Identifier: MIT */
/*
 * channels.c - time that passes, somebody who is alive, and goroutines' functions as threads
 */
#include "channels.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void nap(int ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

/* The state stands behind the last parenthesis of the line. */
static bool sleeps(const char *tid)
{
    char path[64], line[256];
    FILE *file;
    size_t length;

    snprintf(path, sizeof path, "/proc/self/task/%.20s/stat", tid);
    file = fopen(path, "r");
    if (!file)
        return true; /* it has ended */
    length = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[length] = 0;
    return length && strrchr(line, ')')[2] != 'R';
}

static bool all_others_sleep(void)
{
    DIR *tasks = opendir("/proc/self/task");
    const struct dirent *task;
    bool all = true;

    if (!tasks)
        fail("/proc/self/task");
    while ((task = readdir(tasks)))
        if (task->d_name[0] != '.' && atoi(task->d_name) != gettid())
            all &= sleeps(task->d_name);
    closedir(tasks);
    return all;
}

void settle(void)
{
    for (int quiet = 0; quiet < 4;) {
        nap(1);
        quiet = all_others_sleep() ? quiet + 1 : 0;
    }
}

static void tick(void *arg)
{
    (void)arg;
    for (;;)
        nap(100);
}

void start_ticker(void)
{
    go_named("ticker", tick, NULL);
}

static void print_done_and_exit(void *arg)
{
    (void)arg;
    nap(PAUSE_MS);
    puts("done");
    exit(0);
}

void end_later(void)
{
    start_ticker();
    go_named("terminator", print_done_and_exit, NULL);
}

void *as_thread(void *arg)
{
    ((void (*)(void *))arg)(NULL);
    return NULL;
}
