/* SPDX-License-Identifier: MIT */
#include "load.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

_Noreturn void fail(const char *condition, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fprintf(stderr, "FAIL: %s: ", program_invocation_short_name);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, " [%s]\n", condition);
    va_end(arguments);
    _exit(1); /* no destructors: the other goroutines are still busy */
}

long number(char **argv, int n)
{
    for (int i = 0; i <= n; i++)
        require(argv[i], "argument %d is missing", n);
    return strtol(argv[n], NULL, 10);
}

int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * SECOND + time.tv_nsec;
}

size_t resident(void)
{
    long all = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    require(file && fscanf(file, "%ld %ld", &all, &pages) == 2, "no /proc/self/statm");
    fclose(file);
    return (size_t)(pages * sysconf(_SC_PAGESIZE));
}

uint32_t roll(uint64_t *die, uint32_t n)
{
    *die = *die * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((*die >> 32) * n >> 32);
}
