/* SPDX-License-Identifier: MIT */
/*
 * child.c - start a program, pass signals on to it, wait for its end
 *
 * 1. The signals we care about are blocked and taken with sigtimedwait(): no handler, no race. The
 *    child gets the mask and the actions back that we were started with.
 * 2. What the terminal sends (Ctrl-C) reaches the child by itself, as it is in the same process group;
 *    what a process sent only to us is passed on. Both leave us alive to report.
 * 3. A failed exec comes back through a pipe that a successful one closes.
 */
#include "detector/cli/base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "detector/cli/base/status.h"

enum { POLL_MS = 100 };

static const int passed_on[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};

static sigset_t watched_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    for (size_t i = 0; i < sizeof(passed_on) / sizeof(passed_on[0]); i++)
        sigaddset(&set, passed_on[i]);
    return set;
}

/* SIGCHLD ignored would make waitpid() fail; a closed stderr must not kill us before we clean up. */
static void take_signals(struct child *c)
{
    struct sigaction normal = {.sa_handler = SIG_DFL}, ignore = {.sa_handler = SIG_IGN};
    sigset_t set = watched_signals();

    sigprocmask(SIG_BLOCK, &set, &c->old_mask);
    sigaction(SIGCHLD, &normal, &c->old_child);
    sigaction(SIGPIPE, &ignore, &c->old_pipe);
}

static void give_signals_back(const struct child *c)
{
    sigaction(SIGCHLD, &c->old_child, NULL);
    sigaction(SIGPIPE, &c->old_pipe, NULL);
    sigprocmask(SIG_SETMASK, &c->old_mask, NULL);
}

void child_forget(const struct child *c)
{
    give_signals_back(c);
}

static _Noreturn void execute(const struct child *c, const char *path, char **argv, int report)
{
    int error;

    give_signals_back(c);
    execvp(path, argv);
    error = errno;
    while (write(report, &error, sizeof(error)) < 0 && errno == EINTR)
        ;
    _exit(STATUS_CANNOT_EXECUTE);
}

/* The errno of a failed exec; 0 if the program runs. */
static int exec_error(int report)
{
    int error = 0;
    ssize_t got;

    do
        got = read(report, &error, sizeof(error));
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof(error) ? error : 0;
}

int child_start(struct child *c, const char *path, char **argv, void (*prepare)(void *), void *data)
{
    int report[2], error;

    take_signals(c);
    if (pipe2(report, O_CLOEXEC) != 0 || (c->pid = fork()) < 0) {
        fprintf(stderr, "gridlock: cannot start a process: %s\n", strerror(errno));
        return STATUS_COMMAND_FAILED;
    }
    if (c->pid == 0) {
        prepare(data);
        execute(c, path, argv, report[1]);
    }
    close(report[1]);
    error = exec_error(report[0]);
    close(report[0]);
    if (error == 0)
        return STATUS_OK;
    waitpid(c->pid, NULL, 0);
    fprintf(stderr, "gridlock: %s: %s\n", path, strerror(error));
    return error == ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT_EXECUTE;
}

bool child_wait(struct child *c)
{
    struct timespec timeout = {.tv_nsec = POLL_MS * 1000000L};
    sigset_t set = watched_signals();
    siginfo_t info;
    int signal = sigtimedwait(&set, &info, &timeout), status;

    if (signal > 0 && signal != SIGCHLD && info.si_code != SI_KERNEL)
        kill(c->pid, signal);
    if (waitpid(c->pid, &status, WNOHANG) != c->pid)
        return false;
    c->status = WIFSIGNALED(status) ? STATUS_SIGNAL_BASE + WTERMSIG(status) : WEXITSTATUS(status);
    return true;
}
