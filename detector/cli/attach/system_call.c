/* SPDX-License-Identifier: MIT */
/*
 * system_call.c - what a thread does in the kernel, in words
 *
 * Calls in which threads are found asleep have a row; where the call waits for a file descriptor, it
 * is named with what /proc says it is. A row tells which argument is the time limit, if there is one.
 */
#include "detector/cli/attach/system_call.h"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum limit {
    NO_LIMIT,     /* there is none */
    ALWAYS,       /* a sleep */
    POINTER,      /* a pointer to a time; NULL: none */
    MILLISECONDS, /* a number; below 0: none */
};

static const struct row {
    long number;
    const char *text, *preposition; /* before the file descriptor; NULL: it is about none */
    enum limit limit;
    int argument; /* of the limit */
} rows[] = {
    {SYS_read, "read", "from", NO_LIMIT, 0},
    {SYS_readv, "readv", "from", NO_LIMIT, 0},
    {SYS_pread64, "pread", "from", NO_LIMIT, 0},
    {SYS_write, "write", "to", NO_LIMIT, 0},
    {SYS_writev, "writev", "to", NO_LIMIT, 0},
    {SYS_pwrite64, "pwrite", "to", NO_LIMIT, 0},
    {SYS_recvfrom, "recv", "from", NO_LIMIT, 0},
    {SYS_recvmsg, "recvmsg", "from", NO_LIMIT, 0},
    {SYS_recvmmsg, "recvmmsg", "from", POINTER, 4},
    {SYS_sendto, "send", "to", NO_LIMIT, 0},
    {SYS_sendmsg, "sendmsg", "to", NO_LIMIT, 0},
    {SYS_accept, "accept", "on", NO_LIMIT, 0},
    {SYS_accept4, "accept", "on", NO_LIMIT, 0},
    {SYS_connect, "connect", "on", NO_LIMIT, 0},
    {SYS_fsync, "fsync", "of", NO_LIMIT, 0},
    {SYS_fdatasync, "fdatasync", "of", NO_LIMIT, 0},
    {SYS_flock, "flock", "of", NO_LIMIT, 0},
    {SYS_fcntl, "fcntl", "of", NO_LIMIT, 0},
    {SYS_ioctl, "ioctl", "on", NO_LIMIT, 0},
    {SYS_openat, "open", NULL, NO_LIMIT, 0},
    {SYS_close, "close", "of", NO_LIMIT, 0},
    {SYS_ppoll, "poll", NULL, POINTER, 2},
    {SYS_pselect6, "select", NULL, POINTER, 4},
    {SYS_epoll_pwait, "epoll_wait", "on", MILLISECONDS, 3},
#ifdef SYS_epoll_pwait2
    {SYS_epoll_pwait2, "epoll_wait", "on", POINTER, 3},
#endif
#ifdef SYS_poll /* the older calls are not there on newer machines */
    {SYS_poll, "poll", NULL, MILLISECONDS, 2},
    {SYS_select, "select", NULL, POINTER, 4},
    {SYS_epoll_wait, "epoll_wait", "on", MILLISECONDS, 3},
    {SYS_pause, "pause", NULL, NO_LIMIT, 0},
    {SYS_open, "open", NULL, NO_LIMIT, 0},
    {SYS_vfork, "vfork", NULL, NO_LIMIT, 0},
#endif
    {SYS_nanosleep, "sleep", NULL, ALWAYS, 0},
    {SYS_clock_nanosleep, "sleep", NULL, ALWAYS, 0},
    {SYS_restart_syscall, "sleep", NULL, ALWAYS, 0},
    {SYS_wait4, "wait for a child process", NULL, NO_LIMIT, 0},
    {SYS_waitid, "wait for a child process", NULL, NO_LIMIT, 0},
    {SYS_rt_sigtimedwait, "wait for a signal", NULL, POINTER, 2},
    {SYS_rt_sigsuspend, "wait for a signal", NULL, NO_LIMIT, 0},
    {SYS_semop, "semop", NULL, NO_LIMIT, 0},
    {SYS_semtimedop, "semop", NULL, POINTER, 3},
    {SYS_msgrcv, "msgrcv", NULL, NO_LIMIT, 0},
    {SYS_msgsnd, "msgsnd", NULL, NO_LIMIT, 0},
    {SYS_mq_timedreceive, "mq_receive", "from", POINTER, 4},
    {SYS_mq_timedsend, "mq_send", "to", POINTER, 4},
    {SYS_io_getevents, "io_getevents", NULL, POINTER, 4},
#ifdef SYS_io_uring_enter
    {SYS_io_uring_enter, "io_uring_enter", "on", NO_LIMIT, 0},
#endif
#ifdef SYS_futex_waitv
    {SYS_futex_waitv, "wait for one of several futexes", NULL, POINTER, 3},
#endif
    {SYS_futex, "futex", NULL, NO_LIMIT, 0},
    {SYS_sched_yield, "sched_yield", NULL, ALWAYS, 0},
    {SYS_clone, "clone", NULL, NO_LIMIT, 0},
    {SYS_ptrace, "ptrace", NULL, NO_LIMIT, 0},
    {SYS_exit, "end of the thread", NULL, ALWAYS, 0},
    {SYS_exit_group, "end of the process", NULL, ALWAYS, 0},
};

static bool has_limit(const struct row *row, const struct image_thread *thread)
{
    switch (row->limit) {
    case NO_LIMIT:
        return false;
    case ALWAYS:
        return true;
    case POINTER:
        return thread->arguments[row->argument] != 0;
    case MILLISECONDS:
        return (int)thread->arguments[row->argument] >= 0;
    }
    return false;
}

/* What the link in /proc says: `socket:[12345]`, `pipe:[678]`, `anon_inode:[eventfd]`, a path. */
static const char *word_file(struct pool *pool, const struct image *image, int number)
{
    char text[256];
    ssize_t length;

    if (!image->live)
        return "";
    length = readlink(pool_printf(pool, "/proc/%d/fd/%d", image->alive, number), text,
                      sizeof(text) - 1);
    if (length <= 0)
        return "";
    text[length] = '\0';
    if (strncmp(text, "socket:", 7) == 0)
        return " (a socket)";
    if (strncmp(text, "pipe:", 5) == 0)
        return " (a pipe)";
    if (strncmp(text, "anon_inode:", 11) == 0)
        return pool_printf(pool, " (%.*s)", (int)strcspn(text + 11 + (text[11] == '['), "]"),
                           text + 11 + (text[11] == '['));
    return pool_printf(pool, " (%s)", text);
}

const char *word_system_call(struct pool *pool, const struct image *image,
                             const struct image_thread *thread, bool *timed)
{
    *timed = false;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *row = &rows[i];
        int number = (int)thread->arguments[0];

        if (row->number != thread->call)
            continue;
        *timed = has_limit(row, thread);
        if (row->preposition == NULL)
            return row->text;
        return pool_printf(pool, "%s %s fd %d%s", row->text, row->preposition, number,
                           word_file(pool, image, number));
    }
    return pool_printf(pool, "system call %ld", thread->call);
}
