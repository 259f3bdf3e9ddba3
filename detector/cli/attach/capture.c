/* SPDX-License-Identifier: MIT */
/*
 * capture.c - the registers and stacks of threads that must be stopped for it
 *
 * For each thread, one after the other, so that the process as a whole goes on:
 * 1. PTRACE_SEIZE, which disturbs nobody, and PTRACE_INTERRUPT. No signal is sent.
 * 2. Wait until it stands; copy its registers and the used part of its stack.
 * 3. PTRACE_DETACH. A signal that arrived just then is handed on.
 * Looking for names and frames comes later, when it runs again.
 *
 * All this is done by a thread of our own: what ends the tracer releases the traced, be it that
 * thread's end or a SIGKILL. So a thread in uninterruptible sleep, which does not stop in time and
 * cannot be let go by PTRACE_DETACH, is free as well when capture_threads() returns.
 *
 * Between the last look at it and the stop, a thread may have gone to sleep in a call that the stop
 * ends with EINTR (calls.c). The program must not see that: the call is made to start again
 * (registers_restart()), as the kernel does it for other calls.
 */
#include "detector/cli/attach/capture.h"

#include <elf.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "detector/cli/attach/calls.h"
#include "detector/cli/attach/proc.h"

enum {
    PATIENCE_NS = 200 * 1000 * 1000, /* for a thread that does not stop */
    MOST_STACK = 256 * 1024,
    RED_ZONE = 128, /* below sp, a leaf function's own (x86-64 ABI) */
};

struct job {
    struct pool *pool;
    int pid;
    struct capture *captures;
    size_t count;
    unsigned char stack[MOST_STACK];
};

static uint64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/*
 * True with the wait status when it stands; false if it has ended or does not stop. *since: when it
 * was last seen not to stand. SIGCHLD, which is blocked, tells of the stop: who sleeps until then is
 * given a processor at once, also where all are busy, and the thread does not stand for long.
 */
static bool wait_for_stop(int tid, int *status, uint64_t *since)
{
    const struct timespec slice = {0,
                                   10 * 1000 * 1000}; /* a parent may have left SIGCHLD ignored */
    uint64_t start = now_ns();
    sigset_t stops;

    sigemptyset(&stops);
    sigaddset(&stops, SIGCHLD);
    for (*since = start; *since - start < PATIENCE_NS;) {
        pid_t got = waitpid(tid, status, __WALL | __WNOTHREAD | WNOHANG);

        if (got == tid)
            return WIFSTOPPED(*status);
        if (got < 0 && errno != EINTR)
            return false;
        *since = now_ns();
        sigtimedwait(&stops, NULL, &slice);
    }
    errno = EBUSY;
    return false;
}

/* A stop for a signal that is being delivered: it must be handed on. Others come from ourselves, or
 * tell of a job-control stop, which goes on by itself. */
static int signal_to_deliver(int status)
{
    return status >> 16 == 0 ? WSTOPSIG(status) : 0;
}

static void copy_stack(struct job *job, struct capture *c)
{
    uint64_t start = registers_sp(&c->registers) - RED_ZONE;
    uint64_t size = c->stack_end > start ? c->stack_end - start : 0;
    struct iovec to = {job->stack, size < MOST_STACK ? size : MOST_STACK};
    struct iovec from = {(void *)start, to.iov_len};
    ssize_t got = size == 0 ? 0 : process_vm_readv(c->tid, &to, 1, &from, 1, 0);

    c->stack = (struct stack_copy){.start = start, .size = got < 0 ? 0 : (size_t)got};
}

static void copy_registers(struct job *job, struct capture *c)
{
    struct user_regs_struct regs;
    struct iovec io = {&regs, sizeof(regs)};

    if (ptrace(PTRACE_GETREGSET, c->tid, (void *)NT_PRSTATUS, &io) != 0 ||
        !registers_from_kernel(&c->registers, &regs, io.iov_len)) {
        c->error = errno;
        return;
    }
    if (!c->stood && registers_call_broken(&c->registers) && call_may_restart(c->registers.call)) {
        registers_restart(&regs);
        ptrace(PTRACE_SETREGSET, c->tid, (void *)NT_PRSTATUS, &io);
    }
    copy_stack(job, c);
    c->done = true;
}

/* Asked at the last moment: a stop must not break what it sleeps in. Nor is there a point in waiting
 * for a thread that does not stop (D), or belongs to a debugger (t). */
static bool bears_stop(int pid, struct capture *c)
{
    char state = proc_state(pid, c->tid);
    struct proc_call call;

    c->stood = state == 'T';
    if (state == 0 || strchr("DtZX", state) != NULL || !proc_call(pid, c->tid, &call))
        return false;
    return !call.asleep || c->stood || call_bears_stop(pid, call.call, call.arguments);
}

static void capture(struct job *job, struct capture *c)
{
    uint64_t since;
    int status;

    if (!bears_stop(job->pid, c)) {
        c->error = EAGAIN;
        return;
    }
    if (ptrace(PTRACE_SEIZE, c->tid, NULL, NULL) != 0 ||
        ptrace(PTRACE_INTERRUPT, c->tid, NULL, NULL) != 0 ||
        !wait_for_stop(c->tid, &status, &since)) {
        c->error = errno;
        return;
    }
    copy_registers(job, c);
    ptrace(PTRACE_DETACH, c->tid, NULL, (void *)(intptr_t)signal_to_deliver(status));
    c->stopped_ns = now_ns() - since;
    if (c->done)
        c->stack.bytes = memcpy(pool_array(job->pool, c->stack.size + 1, 1), job->stack,
                                c->stack.size);
}

static void *capture_all(void *own)
{
    struct job *job = own;

    for (size_t i = 0; i < job->count; i++)
        capture(job, &job->captures[i]);
    return NULL;
}

void capture_threads(struct pool *pool, int pid, struct capture *captures, size_t count)
{
    struct job *job = pool_array(pool, 1, sizeof(*job));
    sigset_t stops, before;
    pthread_t tracer;
    int error;

    job->pool = pool;
    job->pid = pid;
    job->captures = captures;
    job->count = count;
    sigemptyset(&stops);
    sigaddset(&stops, SIGCHLD);
    pthread_sigmask(SIG_BLOCK, &stops, &before);
    error = pthread_create(&tracer, NULL, capture_all, job);
    if (error == 0)
        pthread_join(tracer, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    for (size_t i = 0; error != 0 && i < count; i++)
        captures[i].error = error;
}
