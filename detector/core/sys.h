/* SPDX-License-Identifier: MIT */
/*
 * sys.h - the few system calls the detector makes by itself
 *
 * Layer:    detector/core
 * Memory:   none
 * Locking:  none
 * Errors:   the kernel's negative error number is the result; errno is never touched, because a
 *           wrapper may run between a program's failed call and its look at errno
 */
#ifndef GRIDLOCK_CORE_SYS_H
#define GRIDLOCK_CORE_SYS_H

#include <errno.h>
#include <linux/futex.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static inline long sys_call(long number, long a, long b, long c, long d, long e, long f)
{
#if defined(__x86_64__)
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;

    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;

    __asm__ volatile("svc 0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    return x0;
#else
    int saved = errno;
    long result = syscall(number, a, b, c, d, e, f);

    if (result < 0)
        result = -errno;
    errno = saved;
    return result;
#endif
}

/* The kernel's id of the calling thread. */
static inline int sys_gettid(void)
{
    return (int)sys_call(SYS_gettid, 0, 0, 0, 0, 0, 0);
}

/* Sleeps while *word is `expected`, at most `timeout_ns` (< 0: no limit). */
static inline void sys_futex_wait(volatile int *word, int expected, int64_t timeout_ns)
{
    struct timespec limit = {.tv_sec = timeout_ns / 1000000000, .tv_nsec = timeout_ns % 1000000000};

    sys_call(SYS_futex, (long)word, FUTEX_WAIT_PRIVATE, expected,
             timeout_ns < 0 ? 0 : (long)&limit, 0, 0);
}

/* Wakes up to `count` sleepers of *word. */
static inline void sys_futex_wake(volatile int *word, int count)
{
    sys_call(SYS_futex, (long)word, FUTEX_WAKE_PRIVATE, count, 0, 0, 0);
}

/* CLOCK_MONOTONIC in nanoseconds (the vDSO's: no system call on common machines). */
static inline int64_t sys_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

#endif
