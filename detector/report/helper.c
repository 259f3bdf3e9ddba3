/* SPDX-License-Identifier: MIT */
/*
 * Who prints the report when nobody ran `gridlock run`?
 *
 * 1. At start-up the library looks for the command beside itself, then where it was installed: an
 *    archive's library is wherever the program is.
 * 2. A finding is in the own area: the area's new text goes into a file without a name, and the
 *    command is started to render it on our stderr. It is started with a clone that sends no
 *    SIGCHLD, so that the program's wait() never sees it; and untraced, as a debugger would take
 *    it for a thread of the program, which then becomes another program.
 * 3. Without a command, the sentences and module+offset are written as they are.
 */
#include "detector/report/helper.h"

#include "detector/core/sys.h"
#include "detector/report/area.h"
#include "detector/report/findings_area.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#ifndef GRIDLOCK_BINDIR
#define GRIDLOCK_BINDIR "/usr/local/bin"
#endif

extern char **environ;

static char command[512];

static bool try_beside(const char *library, const char *tail)
{
    const char *slash = strrchr(library, '/');
    size_t length = slash ? (size_t)(slash - library) : 0;

    if (!slash || length + strlen(tail) >= sizeof command)
        return false;
    memcpy(command, library, length);
    strcpy(command + length, tail);
    if (sys_call(SYS_faccessat, AT_FDCWD, (long)command, 1, 0, 0, 0) == 0)
        return true;
    command[0] = 0;
    return false;
}

void helper_prepare(void)
{
    Dl_info info;

    if (!dladdr((void *)helper_prepare, &info) || !info.dli_fname)
        info.dli_fname = "";
    if (!try_beside(info.dli_fname, "/gridlock") &&
        !try_beside(info.dli_fname, "/../bin/gridlock"))
        try_beside(GRIDLOCK_BINDIR "/", "/gridlock");
}

/* The environment without what would make the command watch itself. */
static void clean_environment(char **to, unsigned most)
{
    unsigned count = 0;

    for (char **entry = environ; entry && *entry && count + 1 < most; entry++)
        if (strncmp(*entry, "LD_PRELOAD=", 11) && strncmp(*entry, "GRIDLOCK_FINDINGS=", 18))
            to[count++] = *entry;
    to[count] = NULL;
}

/* In the child: nothing but system calls, it shares no memory but may not touch locks. */
static void run_command(int fd, char **environment)
{
    char path[32];
    char *arguments[] = {command, "report", "--helper", path, NULL};

    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    sys_call(SYS_execve, (long)command, (long)arguments, (long)environment, 0, 0, 0);
    sys_call(SYS_exit_group, 127, 0, 0, 0, 0, 0);
}

static bool show_with_command(int fd)
{
    static char *environment[4096];
    int status = 0;
    long child;

    if (!command[0])
        return false;
    clean_environment(environment, sizeof environment / sizeof environment[0]);
    child = sys_call(SYS_clone, CLONE_UNTRACED, 0, 0, 0, 0, 0); /* a fork, no signal at its end */
    if (child == 0)
        run_command(fd, environment);
    if (child < 0)
        return false;
    sys_call(SYS_wait4, child, (long)&status, __WALL, 0, 0, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) != 127;
}

static void show_raw(int fd)
{
    static const char prefix[] = "gridlock: the gridlock command was not found; raw finding: ";
    char buffer[4096];
    long got, at = sizeof(struct findings_header);

    sys_call(SYS_write, 2, (long)prefix, sizeof prefix - 1, 0, 0, 0);
    while ((got = sys_call(SYS_pread64, fd, (long)buffer, sizeof buffer, at, 0, 0)) > 0) {
        sys_call(SYS_write, 2, (long)buffer, got, 0, 0, 0);
        at += got;
    }
}

void helper_report(void)
{
    long fd = sys_call(SYS_memfd_create, (long)"gridlock-findings", 0, 0, 0, 0, 0);

    if (fd < 0)
        return;
    if (area_take_new((int)fd) && !show_with_command((int)fd))
        show_raw((int)fd);
    sys_call(SYS_close, fd, 0, 0, 0, 0, 0);
}
