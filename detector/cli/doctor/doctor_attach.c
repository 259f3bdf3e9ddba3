/* SPDX-License-Identifier: MIT */
/*
 * doctor_attach.c - can a process that hangs already be looked at?
 *
 * 1. ptrace is tried on a process that is none of our children: such a one the user means. Linux
 *    refuses for three reasons: the Yama module (kernel.yama.ptrace_scope), a seccomp filter
 *    (containers), another user's process.
 * 2. A core is written if the limit allows it and core_pattern leads somewhere; a pattern that starts
 *    with a bar hands it to a program, whatever the limit (core(5)).
 * 3. gdb is asked whether it has Python, in which `gridlock why` is written.
 */
#include <errno.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "detector/cli/base/tool.h"
#include "detector/cli/doctor/doctor_look.h"

enum { GDB_SECONDS = 30, NOT_TRIED = -1 };

#ifndef GRIDLOCK_PREFIX
#define GRIDLOCK_PREFIX "/usr/local"
#endif

/* ---------------------------------------------------------------- ptrace */

/* In the middle process: leave an orphan that says who it is and lives until our end is closed. */
static _Noreturn void leave_orphan(const int *says, const int *lives)
{
    pid_t orphan = fork();
    char byte;

    close(lives[1]);
    if (orphan != 0)
        _exit(orphan < 0 || write(says[1], &orphan, sizeof(orphan)) < 0);
    close(says[1]);
    while (read(lives[0], &byte, 1) < 0 && errno == EINTR)
        ;
    _exit(0);
}

/* 0 if it could be seized and let go, or the errno. */
static int seize(pid_t pid)
{
    int status;

    if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) != 0)
        return errno;
    if (ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) == 0)
        waitpid(pid, &status, __WALL);
    ptrace(PTRACE_DETACH, pid, NULL, NULL);
    return 0;
}

/* The errno of an attach to a process that is not our child; 0: it works; NOT_TRIED. */
static int try_orphan(void)
{
    int says[2], lives[2], result = NOT_TRIED;
    pid_t middle, orphan = 0;

    if (pipe(says) != 0)
        return NOT_TRIED;
    if (pipe(lives) == 0) {
        middle = fork();
        if (middle == 0)
            leave_orphan(says, lives);
        close(lives[0]);
        if (middle > 0 && read(says[0], &orphan, sizeof(orphan)) == (ssize_t)sizeof(orphan)) {
            waitpid(middle, NULL, 0);
            result = seize(orphan);
        }
        close(lives[1]);
    }
    close(says[0]);
    close(says[1]);
    return result;
}

static bool may_trace_all(void)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};

    return syscall(SYS_capget, &head, data) == 0 &&
           (data[CAP_TO_INDEX(CAP_SYS_PTRACE)].effective & CAP_TO_MASK(CAP_SYS_PTRACE)) != 0;
}

struct answer look_at_attach(struct doctor *d)
{
    long scope = setting(d, "/proc/sys/kernel/yama/ptrace_scope", 0);
    int error = try_orphan();

    if (error == 0)
        return healthy(may_trace_all() ? "ptrace works, on every process"
                                       : "ptrace works, on your own processes");
    if (error == NOT_TRIED)
        return note("no process could be started to try it on", NULL);
    if (scope == 3)
        return problem("kernel.yama.ptrace_scope is 3: nobody may look at another process",
                       "set it lower in /etc/sysctl.d and restart the machine; cores still work");
    if (scope > 0 && !may_trace_all())
        return problem(pool_printf(d->pool,
                                   "kernel.yama.ptrace_scope is %ld: only root may look at "
                                   "another process",
                                   scope),
                       "sudo gridlock attach PID, or sudo sysctl kernel.yama.ptrace_scope=0");
    return problem(pool_printf(d->pool, "ptrace is refused: %s (a container?)", strerror(error)),
                   "start the container with --cap-add=SYS_PTRACE, or attach from outside of it");
}

/* ---------------------------------------------------------------- cores */

/* The folder of a core_pattern that is a path; NULL if it is the folder of the program that died. */
static const char *core_folder(struct doctor *d, const char *pattern)
{
    const char *slash = strrchr(pattern, '/');

    return pattern[0] != '/' ? NULL : pool_copy_n(d->pool, pattern, (size_t)(slash - pattern) + 1);
}

static struct answer cores_as_files(struct doctor *d, const char *pattern)
{
    const char *folder = core_folder(d, pattern);
    struct rlimit limit = {0};

    getrlimit(RLIMIT_CORE, &limit);
    if (limit.rlim_cur == 0)
        return note("none are written here: ulimit -c is 0",
                    limit.rlim_max == 0 ? "ulimit -c unlimited, as root: the hard limit is 0 too"
                                        : "ulimit -c unlimited");
    if (folder != NULL && access(folder, W_OK) != 0)
        return note(pool_printf(d->pool, "none are written: %s cannot be written to (%s)", folder,
                                strerror(errno)),
                    "make that folder, or sudo sysctl kernel.core_pattern=core");
    return healthy(pool_printf(
        d->pool, "%s%s%s", folder == NULL ? "in the folder that the program is in, as " : "",
        pattern, limit.rlim_cur == RLIM_INFINITY ? "" : ", cut off at the limit"));
}

struct answer look_at_cores(struct doctor *d)
{
    const char *path = "/proc/sys/kernel/core_pattern";
    const char *pattern = first_line(d, pool_printf(d->pool, "%s%s", d->root, path));

    if (pattern == NULL)
        return note("none are written: kernel.core_pattern is empty or cannot be read",
                    "gcore PID writes one of a process that runs (it comes with gdb)");
    if (pattern[0] != '|')
        return cores_as_files(d, pattern);
    if (strstr(pattern, "systemd-coredump") != NULL)
        return healthy("kept by systemd: coredumpctl dump PID --output=core");
    return note(pool_printf(d->pool, "handed to a program: %s", pattern + 1),
                "look there, or sudo sysctl kernel.core_pattern=core; ulimit -c unlimited");
}

/* ---------------------------------------------------------------- gdb */

/* Beside a command in a build folder, or where it was installed. */
static const char *script(struct doctor *d)
{
    const char *slash = strrchr(d->command, '/');
    const char *beside = pool_copy_n(d->pool, d->command, (size_t)(slash - d->command));
    const char *places[] = {
        pool_printf(d->pool, "%s/../share/gridlock/gridlock-gdb.py", beside),
        pool_printf(d->pool, "%s/../detector/gdb/gridlock-gdb.py", beside),
        GRIDLOCK_PREFIX "/share/gridlock/gridlock-gdb.py",
    };

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        char *real = realpath(places[i], NULL);
        const char *found = real == NULL ? NULL : pool_copy(d->pool, real);

        free(real);
        if (found != NULL)
            return found;
    }
    return NULL;
}

struct answer look_at_gdb(struct doctor *d)
{
    const char *argv[] = {"gdb", "-nx", "-batch", "-ex", "python print('python')", NULL};
    const char *file = script(d), *said;

    if (!tool_exists(d->pool, "gdb"))
        return note("not installed; `gridlock why` works inside it", "install the package gdb");
    try_tool(d, GDB_SECONDS, argv);
    said = first_line(d, own_file(d, "out"));
    if (said == NULL || strcmp(said, "python") != 0)
        return note("it has no Python, in which `gridlock why` is written", "install the full gdb");
    if (file == NULL)
        return note("gridlock-gdb.py is neither beside the command nor in " GRIDLOCK_PREFIX
                    "/share/gridlock",
                    "install gridlock again");
    return healthy(pool_printf(d->pool, "in gdb: source %s, then: gridlock why", file));
}
