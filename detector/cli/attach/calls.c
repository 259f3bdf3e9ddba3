/* SPDX-License-Identifier: MIT */
/*
 * calls.c - which system calls bear that their thread is stopped?
 *
 * A thread that sleeps in a call must leave it to be stopped by ptrace. What happens then is decided
 * inside each call of the kernel; signal(7), "Interruption of system calls and library functions by
 * stop signals", has the list of those that fail with EINTR although no handler has run. The others
 * return ERESTARTSYS and the like, which the program never sees: the call starts again.
 *
 * So a thread is stopped in a call only if the call is known to go on. Reading goes on with a pipe and
 * a terminal, but not with a socket that has a time limit, and what a device driver does nobody
 * knows. Writing to a pipe does not go on: what has gone through counts as the whole, and the caller
 * gets a short count.
 */
#include "detector/cli/attach/calls.h"

#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const long always[] = {
    SYS_futex,         SYS_nanosleep, SYS_clock_nanosleep, SYS_ppoll, SYS_pselect6,
    SYS_rt_sigsuspend, SYS_wait4,     SYS_waitid,          SYS_flock, SYS_restart_syscall,
#ifdef SYS_poll
    SYS_poll,          SYS_select,    SYS_pause,
#endif
};

static const long reads[] = {SYS_read, SYS_readv};

/* What signal(7) lists, as far as such a call has done nothing when it fails with EINTR. */
static const long broken[] = {
    SYS_epoll_pwait,  SYS_semop,  SYS_semtimedop, SYS_msgrcv,   SYS_msgsnd,  SYS_rt_sigtimedwait,
    SYS_io_getevents, SYS_accept, SYS_accept4,    SYS_recvfrom, SYS_recvmsg, SYS_sendto,
    SYS_sendmsg,      SYS_read,   SYS_readv,      SYS_write,    SYS_writev,
#ifdef SYS_epoll_wait
    SYS_epoll_wait,
#endif
#ifdef SYS_epoll_pwait2
    SYS_epoll_pwait2,
#endif
};

#define COUNT(list) (sizeof(list) / sizeof(list[0]))

static bool is_in(const long *list, size_t count, long call)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == call)
            return true;
    return false;
}

static bool is_pipe_or_terminal(int pid, uint64_t descriptor)
{
    static const char *const starts[] = {"pipe:", "/dev/pts/", "/dev/tty", "/dev/console",
                                         "anon_inode:[eventfd]"};
    char path[64], target[64] = "";

    snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, (int)descriptor);
    if (readlink(path, target, sizeof(target) - 1) < 0)
        return false;
    for (size_t i = 0; i < COUNT(starts); i++)
        if (strncmp(target, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

bool call_bears_stop(int pid, long call, const uint64_t *arguments)
{
    return is_in(always, COUNT(always), call) ||
           (is_in(reads, COUNT(reads), call) && is_pipe_or_terminal(pid, arguments[0]));
}

bool call_may_restart(long call)
{
    return is_in(broken, COUNT(broken), call);
}

/* `mov $NUMBER, %eax` (b8 and four bytes): the last one before the call. */
long call_number(long call, const unsigned char *code, int size)
{
    if (call != SYS_restart_syscall)
        return call;
    for (int i = size - 5; i >= 0; i--)
        if (code[i] == 0xb8 && code[i + 2] <= 1 && code[i + 3] == 0 && code[i + 4] == 0)
            return code[i + 1] | code[i + 2] << 8;
    return call;
}
