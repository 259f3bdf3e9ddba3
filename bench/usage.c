/* SPDX-License-Identifier: MIT */
/*
 * usage.c - runs a program and writes what it used: CPU seconds and peak memory in KiB
 *
 *   usage FILE COMMAND [ARGUMENT...]
 *
 * It stands between `gridlock run` and the program, so that the command's own work (finding names
 * and lines) is not counted as the program's. Signals to end are handed on; the status is kept.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile pid_t child;

static void hand_on(int signal)
{
    if (child > 0)
        kill(child, signal);
}

int main(int argc, char **argv)
{
    struct rusage used;
    FILE *file;
    int status;

    if (argc < 3)
        return 2;
    signal(SIGTERM, hand_on);
    signal(SIGINT, hand_on);
    child = fork();
    if (child == 0) {
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    while (wait4(child, &status, 0, &used) < 0)
        continue;
    file = fopen(argv[1], "w");
    if (!file)
        return 1;
    fprintf(file, "%.3f %ld\n",
            (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6,
            used.ru_maxrss);
    fclose(file);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
