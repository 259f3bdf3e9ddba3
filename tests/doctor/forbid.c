/* SPDX-License-Identifier: MIT */
/*
 * forbid.c - run a program as in a container that refuses a system call
 *
 * Usage: forbid ptrace|personality|rights PROGRAM [ARGUMENTS]
 *
 * The call fails with EPERM, by a seccomp filter. `rights` takes the right to trace all processes
 * from root, and forbids ptrace as Yama would.
 */
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int filter(unsigned call)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof code[0], code};

    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    if (strcmp(argv[1], "rights") == 0)
        prctl(PR_CAPBSET_DROP, CAP_SYS_PTRACE, 0, 0,
              0); /* refused where there is nothing to drop */
    if (filter(strcmp(argv[1], "personality") == 0 ? SYS_personality : SYS_ptrace) != 0) {
        perror("forbid");
        return 2;
    }
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    return 127;
}
