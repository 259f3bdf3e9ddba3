/* SPDX-License-Identifier: MIT */
/*
 * refusal.c - why a process cannot be looked at, and what would help
 *
 * Whether it can is asked by trying: /proc/PID/syscall and the memory are guarded by the same check as
 * ptrace (ptrace(2), "Ptrace access mode checking"). Only when that fails is the reason looked for.
 */
#include "detector/cli/attach/refusal.h"

#include <elf.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "detector/cli/attach/proc.h"
#include "detector/cli/attach/registers.h"
#include "detector/cli/base/status.h"

enum { CAP_SYS_PTRACE_BIT = 19 };

static int refuse(struct image *image, enum status status, const char *text)
{
    image->error = text;
    return status;
}

int refuse_ended(struct image *image)
{
    return refuse(image, STATUS_COMMAND_FAILED,
                  pool_printf(&image->pool, "process %d has ended meanwhile", image->pid));
}

/* The value of kernel.yama.ptrace_scope; 0 on kernels without it. */
static int ptrace_scope(void)
{
    FILE *file = fopen("/proc/sys/kernel/yama/ptrace_scope", "re");
    int scope = 0;

    if (file != NULL && fscanf(file, "%d", &scope) != 1)
        scope = 0;
    if (file != NULL)
        fclose(file);
    return scope;
}

static bool may_trace_everything(struct pool *pool)
{
    const char *status = proc_text(pool, getpid(), "status");
    const char *line = status == NULL ? NULL : strstr(status, "\nCapEff:");

    return line != NULL &&
           (strtoull(line + strlen("\nCapEff:"), NULL, 16) >> CAP_SYS_PTRACE_BIT & 1);
}

static const char *user_name(struct pool *pool, long uid)
{
    const struct passwd *user = getpwuid((uid_t)uid);

    return user == NULL ? pool_printf(pool, "%ld", uid) : pool_copy(pool, user->pw_name);
}

static const char *words_for_scope(struct pool *pool, int scope)
{
    static const char *const meanings[] = {"", "only a process' own parents may look",
                                           "only root may look", "nobody may look"};

    if (scope == 3)
        return "the kernel forbids it: kernel.yama.ptrace_scope is 3 (nobody may look), and stays so "
               "until the next start of the system";
    return pool_printf(pool,
                       "the kernel forbids it: kernel.yama.ptrace_scope is %d (%s). Use sudo, or "
                       "allow it: sudo sysctl kernel.yama.ptrace_scope=0",
                       scope, meanings[scope]);
}

static const char *words_for_denial(struct image *image, const char *status)
{
    struct pool *pool = &image->pool;
    long uid = proc_number(status, "Uid"); /* the last of four: that for files */
    int scope = ptrace_scope();

    if (may_trace_everything(pool))
        return scope == 3 ? words_for_scope(pool, scope)
                          : "the kernel forbids it, although this is a user who may look at "
                            "everything: is it in a container or a sandbox of its own?";
    if (geteuid() == 0)
        return "the kernel forbids it: root has no CAP_SYS_PTRACE here. Start the container with "
               "--cap-add=SYS_PTRACE, or run gridlock outside of it";
    if (uid >= 0 && (uid_t)uid != geteuid())
        return pool_printf(pool, "it belongs to %s: run gridlock as that user, or with sudo",
                           user_name(pool, uid));
    if (scope >= 1 && scope <= 3)
        return words_for_scope(pool, scope);
    return "the kernel forbids it: the program has more rights than you, or guards its memory "
           "(PR_SET_DUMPABLE). Use sudo";
}

static int refuse_zombie(struct image *image, const char *status)
{
    struct pool *pool = &image->pool;
    int parent = (int)proc_number(status, "PPid");
    const char *name = proc_text(pool, parent, "comm");

    return refuse(
        image, STATUS_COMMAND_FAILED,
        pool_printf(pool, "process %d has ended already; its parent %d (%.*s) has not asked how",
                    image->pid, parent, name == NULL ? 1 : (int)strcspn(name, "\n"),
                    name == NULL ? "?" : name));
}

enum { MACHINE = 20 }; /* the bytes of an ELF file's head that tell what it is for */

static bool read_head(const char *path, unsigned char *head)
{
    FILE *file = fopen(path, "re");
    bool whole = file != NULL && fread(head, MACHINE, 1, file) == 1;

    if (file != NULL)
        fclose(file);
    return whole;
}

/* NULL if the program is for the machine that gridlock itself is for. */
static const char *foreign_kind(struct image *image)
{
    unsigned char head[MACHINE], own[MACHINE];
    char path[32];

    snprintf(path, sizeof(path), "/proc/%d/exe", image->alive);
    if (!read_head(path, head) || !read_head("/proc/self/exe", own))
        return NULL;
    if (head[EI_CLASS] != own[EI_CLASS])
        return head[EI_CLASS] == ELFCLASS32 ? "a 32-bit program" : "a 64-bit program";
    return memcmp(head + 18, own + 18, 2) != 0 ? "for another kind of processor" : NULL;
}

static int refuse_what_is_no_program(struct image *image, const char *status)
{
    struct pool *pool = &image->pool;
    const char *kind;

    image->alive = proc_alive(pool, image->pid);
    if (image->alive == 0)
        return refuse_zombie(image, status);
    if (image->alive == image->pid && proc_number(status, "VmSize") < 0 &&
        proc_link(pool, image->pid, "exe") == NULL && errno == ENOENT)
        return refuse(image, STATUS_COMMAND_FAILED,
                      pool_printf(pool, "process %d is a thread of the kernel", image->pid));
    kind = foreign_kind(image);
    if (kind != NULL)
        return refuse(
            image, STATUS_COMMAND_FAILED,
            pool_printf(pool, "process %d is %s, which gridlock here is not", image->pid, kind));
    return STATUS_OK;
}

int refuse_process(struct image *image, int pid)
{
    struct pool *pool = &image->pool;
    const char *status = proc_text(pool, pid, "status");
    struct proc_call call;
    int refused;

    if (!registers_known_here())
        return refuse(image, STATUS_COMMAND_FAILED, "attach and core know x86-64 only, so far");
    if (status == NULL)
        return refuse(image, STATUS_USAGE, pool_printf(pool, "there is no process %d", pid));
    image->pid = (int)proc_number(status, "Tgid");
    if (image->pid == getpid())
        return refuse(image, STATUS_USAGE, "that is gridlock itself");
    refused = refuse_what_is_no_program(image, status);
    if (refused != STATUS_OK)
        return refused;
    if (proc_call(image->pid, image->alive, &call) || errno == ENOENT || errno == ESRCH)
        return STATUS_OK;
    return refuse(image, STATUS_COMMAND_FAILED,
                  pool_printf(pool, "cannot look at process %d: %s", image->pid,
                              words_for_denial(image, status)));
}
