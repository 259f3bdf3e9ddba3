/* SPDX-License-Identifier: MIT */
/*
 * program.c - can this program be started, and can it be watched?
 *
 * 1. Find it: a name with a slash is a path; any other is looked for in PATH.
 * 2. A script is started by its interpreter: that is what is watched, so check that instead.
 * 3. The library comes in through the dynamic loader (LD_PRELOAD). It cannot come in where there is
 *    no loader (static), another one (musl), or one that ignores LD_PRELOAD (set-uid and the like).
 */
#include "detector/cli/base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "detector/cli/base/elf_check.h"
#include "detector/cli/base/status.h"

enum { HEAD_BYTES = 256, MAX_INTERPRETERS = 5 };

static int refuse(int status, const char *path, const char *why)
{
    fprintf(stderr, "gridlock: %s: %s\n", path, why);
    return status;
}

/* STATUS_OK if the file can be executed. */
static int executable(const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return errno == ENOENT || errno == ENOTDIR ? STATUS_NOT_FOUND : STATUS_CANNOT_EXECUTE;
    if (!S_ISREG(st.st_mode)) {
        errno = S_ISDIR(st.st_mode) ? EISDIR : EACCES;
        return STATUS_CANNOT_EXECUTE;
    }
    return access(path, X_OK) == 0 ? STATUS_OK : STATUS_CANNOT_EXECUTE;
}

static int search_path(struct pool *pool, const char *name, const char **found)
{
    const char *directories = getenv("PATH"), *end;
    int status = STATUS_NOT_FOUND;

    if (directories == NULL)
        directories = "/bin:/usr/bin";
    for (;; directories = end + 1) {
        size_t length = strcspn(directories, ":");
        const char *path = length == 0
                               ? name
                               : pool_printf(pool, "%.*s/%s", (int)length, directories, name);
        int here = executable(path);

        end = directories + length;
        if (here == STATUS_OK || (here == STATUS_CANNOT_EXECUTE && errno == EACCES)) {
            *found = path;
            status = here;
        }
        if (here == STATUS_OK || *end == '\0')
            return status;
    }
}

int program_find(struct pool *pool, const char *name, const char **path)
{
    int status;

    *path = name;
    if (name[0] == '\0')
        return refuse(STATUS_NOT_FOUND, "``", "no such program");
    if (strchr(name, '/') != NULL) {
        status = executable(name);
        return status == STATUS_OK ? STATUS_OK : refuse(status, name, strerror(errno));
    }
    status = search_path(pool, name, path);
    if (status == STATUS_NOT_FOUND)
        return refuse(status, name, "no such program in PATH");
    return status == STATUS_OK ? STATUS_OK : refuse(status, *path, strerror(EACCES));
}

/* Whether the kernel will start it with rights that we have not: then the loader is in secure mode. */
static bool gains_rights(const char *path)
{
    struct stat st;
    struct statvfs mount;
    bool changes;

    if (stat(path, &st) != 0)
        return false;
    changes = ((st.st_mode & S_ISUID) && st.st_uid != getuid()) ||
              ((st.st_mode & S_ISGID) && (st.st_mode & S_IXGRP) && st.st_gid != getgid()) ||
              (getuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0);
    if (!changes || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
        return false;
    return statvfs(path, &mount) != 0 || !(mount.f_flag & ST_NOSUID);
}

/* The first word behind `#!`; NULL if there is none. */
static const char *interpreter_of(struct pool *pool, const char *head)
{
    const char *start = head + 2 + strspn(head + 2, " \t");
    size_t length = strcspn(start, " \t\r\n");

    return length == 0 ? NULL : pool_copy_n(pool, start, length);
}

static ssize_t read_head(const char *path, char head[HEAD_BYTES + 1])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length;

    if (fd < 0)
        return -1;
    length = read(fd, head, HEAD_BYTES);
    head[length > 0 ? length : 0] = '\0';
    close(fd);
    return length;
}

static struct refusal refusal(int status, const char *path, const char *why)
{
    return (struct refusal){status, path, why};
}

static struct refusal judge_elf(const char *path)
{
    switch (elf_check(path)) {
    case ELF_WATCHABLE:
        break;
    case ELF_STATIC:
        return refusal(
            STATUS_COMMAND_FAILED, path,
            "is statically linked; gridlock can only watch a dynamically linked program");
    case ELF_MUSL:
        return refusal(STATUS_COMMAND_FAILED, path,
                       "is linked with musl; gridlock can only watch a program that uses glibc");
    case ELF_FOREIGN:
        return refusal(STATUS_CANNOT_EXECUTE, path, "is a program for another kind of machine");
    case ELF_BROKEN:
        return refusal(STATUS_CANNOT_EXECUTE, path, "is no complete ELF program");
    }
    if (gains_rights(path))
        return refusal(
            STATUS_COMMAND_FAILED, path,
            "is set-uid, set-gid or has capabilities; the loader keeps gridlock out of it");
    return refusal(STATUS_OK, path, NULL);
}

struct refusal program_judge(struct pool *pool, const char *path)
{
    char head[HEAD_BYTES + 1];

    for (int depth = 0; depth < MAX_INTERPRETERS; depth++) {
        ssize_t length = read_head(path, head);
        const char *script = path;

        if (length < 0) /* execute permission, but no read permission: let the kernel judge */
            return refusal(STATUS_OK, path, NULL);
        if (length >= 4 && memcmp(head, "\177ELF", 4) == 0)
            return judge_elf(path);
        if (strncmp(head, "#!", 2) != 0) {
            if (memchr(head, '\0', (size_t)length) != NULL)
                return refusal(STATUS_CANNOT_EXECUTE, path, "is no program");
            path = "/bin/sh"; /* what execvp(3) does with a text */
            continue;
        }
        path = interpreter_of(pool, head);
        if (path == NULL || executable(path) != STATUS_OK)
            return refusal(STATUS_CANNOT_EXECUTE, script, "its interpreter cannot be executed");
    }
    return refusal(STATUS_CANNOT_EXECUTE, path, "too many interpreters one after the other");
}

int program_check(struct pool *pool, const char *path)
{
    struct refusal r = program_judge(pool, path);

    return r.status == STATUS_OK ? STATUS_OK : refuse(r.status, r.path, r.why);
}
