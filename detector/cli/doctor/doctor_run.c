/* SPDX-License-Identifier: MIT */
/*
 * doctor_run.c - does `gridlock run` work here?
 *
 * 1. The library: it is found, comes into a small program, and says there that it is of the
 *    command's version. The same program shows whether it knows this glibc's locks.
 * 2. The whole way: a program that really hangs is started under `gridlock run`, and the report is
 *    read. Whatever else is wrong, this shows it.
 */
#include <fcntl.h>
#include <gnu/libc-version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "detector/cli/base/library.h"
#include "detector/cli/base/status.h"
#include "detector/cli/base/tool.h"
#include "detector/cli/doctor/doctor_look.h"

enum { CHILD_SECONDS = 20, HANG_SECONDS = 60 };

struct answer look_at_command(struct doctor *d)
{
    return healthy(pool_printf(d->pool, "gridlock %s, %s", GRIDLOCK_VERSION, d->command));
}

/* ---------------------------------------------------------------- the library */

static void read_signature(struct doctor *d, const char *area)
{
    int fd = open(area, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || read(fd, &d->signature, sizeof(d->signature)) != (ssize_t)sizeof(d->signature))
        memset(&d->signature, 0, sizeof(d->signature));
    d->signature.version[sizeof(d->signature.version) - 1] = '\0';
    if (fd >= 0)
        close(fd);
}

static void load(struct doctor *d, const char *library)
{
    const char *area = own_file(d, "findings");
    const char *argv[] = {"env",
                          pool_printf(d->pool, "LD_PRELOAD=%s", library),
                          pool_printf(d->pool, "GRIDLOCK_FINDINGS=%s", area),
                          d->command,
                          "--version",
                          NULL};

    try_tool(d, CHILD_SECONDS, argv);
    read_signature(d, area);
}

struct answer look_at_library(struct doctor *d)
{
    const char *why, *library = library_look(d->pool, &why), *said, *version = d->signature.version;

    if (library == NULL)
        return problem(why, "install gridlock again, command and library together");
    load(d, library);
    said = first_line(d, own_file(d, "err"));
    if (version[0] == '\0')
        return problem(pool_printf(d->pool,
                                   "%s does not come into a program that was started with it%s%s",
                                   library, said == NULL ? "" : ": ", said == NULL ? "" : said),
                       "install gridlock again, command and library together");
    if (strcmp(version, GRIDLOCK_VERSION) != 0)
        return problem(pool_printf(d->pool, "%s is of version %s, the command of %s", library,
                                   version, GRIDLOCK_VERSION),
                       "install gridlock again, command and library together");
    return healthy(pool_printf(d->pool, "%s, version %s; a program loads it", library, version));
}

struct answer look_at_glibc(struct doctor *d)
{
    const char *version = gnu_get_libc_version();
    unsigned known = LAYOUT_MUTEX | LAYOUT_RWLOCK;

    if (!(d->signature.layout & LAYOUT_TRIED))
        return note(pool_printf(d->pool,
                                "%s; its locks could not be looked at, as no program "
                                "loads the library",
                                version),
                    NULL);
    if ((d->signature.layout & known) == known)
        return healthy(pool_printf(d->pool,
                                   "%s; the library took locks of its own, and they look "
                                   "as it knows them",
                                   version));
    return note(pool_printf(d->pool,
                            "%s lays out %s otherwise than the library knows: it asks the "
                            "locks less, and watching costs more",
                            version,
                            d->signature.layout & LAYOUT_MUTEX ? "read-write locks" : "mutexes"),
                "tell gridlock's authors this version of glibc");
}

struct answer look_at_system(struct doctor *d)
{
    struct utsname system;
    const char *text;

    uname(&system);
    text = pool_printf(d->pool, "%s %s, %s", system.sysname, system.release, system.machine);
    if (strcmp(system.machine, "x86_64") == 0)
        return healthy(text);
    return note(pool_printf(d->pool, "%s; gridlock has only been tested on x86_64", text), NULL);
}

/* ---------------------------------------------------------------- the whole way */

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

struct answer look_at_watching(struct doctor *d)
{
    const char *argv[] = {"env",
                          "-u",
                          "GRIDLOCK_OPTIONS",
                          d->command,
                          "run",
                          "--format=json",
                          "--exitcode=66",
                          pool_printf(d->pool, "--output=%s", own_file(d, "report")),
                          d->command,
                          "doctor",
                          "--hang",
                          NULL};
    double started = now();
    const char *report, *said;
    int status;

    if (strcmp(d->signature.version, GRIDLOCK_VERSION) != 0)
        return problem("not tried: nothing can be watched without the library", NULL);
    status = try_tool(d, HANG_SECONDS, argv);
    report = file_text(d->pool, own_file(d, "report"));
    said = first_line(d, own_file(d, "err"));
    if (status == STATUS_FOUND && report != NULL && strstr(report, "\"name\":\"deadlock\"") != NULL)
        return healthy(pool_printf(d->pool,
                                   "two threads that wait for each other were explained in "
                                   "%.1f s (try it: gridlock run gridlock doctor --hang)",
                                   now() - started));
    return problem(pool_printf(d->pool,
                               "two threads that wait for each other were not explained: "
                               "%s (status %d)",
                               said == NULL ? "no deadlock was reported" : said, status),
                   "see gridlock run gridlock doctor --hang");
}
