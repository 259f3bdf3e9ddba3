/* SPDX-License-Identifier: MIT */
/*
 * fake_library.c - a libgridlock.so that finds what the test tells it
 *
 * The tests of the command put it beside a copy of the command, so that `gridlock run` can be tested
 * without the detector. At start it copies the findings of the area FAKE_FINDINGS into the area that
 * the command has made. FAKE_ENVIRONMENT names a file to which it writes what the command told it.
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "detector/report/findings_area.h"

static void copy_findings(const char *from, const char *to)
{
    static char text[1 << 19];
    struct findings_header header;
    int source = open(from, O_RDONLY | O_CLOEXEC), area = open(to, O_RDWR | O_CLOEXEC);
    ssize_t length = pread(source, text, sizeof(text), sizeof(header));
    uint32_t at;

    if (area < 0 || length <= 0 || pread(area, &header, sizeof(header), 0) != sizeof(header))
        abort();
    at = header.used;
    header.used = at + (uint32_t)length;
    if (pwrite(area, text, (size_t)length, (off_t)(sizeof(header) + at)) != length ||
        pwrite(area, &header, sizeof(header), 0) != sizeof(header))
        abort();
    close(source);
    close(area);
}

static void tell_environment(const char *path)
{
    FILE *file = fopen(path, "w");

    fprintf(file, "%s\n%s\n%s\n%s\n%s\n", getenv("GRIDLOCK_OPTIONS"), getenv("GRIDLOCK_FINDINGS"),
            getenv("LD_PRELOAD"), getenv("GRIDLOCK_HELPER"), getenv("GRIDLOCK_ROOT"));
    fclose(file);
}

static __attribute__((constructor)) void start(void)
{
    const char *from = getenv("FAKE_FINDINGS"), *to = getenv("GRIDLOCK_FINDINGS");

    if (from != NULL && to != NULL)
        copy_findings(from, to);
    if (getenv("FAKE_ENVIRONMENT") != NULL)
        tell_environment(getenv("FAKE_ENVIRONMENT"));
    unsetenv("FAKE_FINDINGS");
}
