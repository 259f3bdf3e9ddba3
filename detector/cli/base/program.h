/* SPDX-License-Identifier: MIT */
/*
 * program.h - can this program be started, and can it be watched?
 *
 * Layer:    detector/cli/base
 * Memory:   paths belong to the pool
 * Locking:  none
 * Errors:   one line on stderr and the exit status, as env(1) gives it
 */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include "detector/cli/base/pool.h"

/* Finds `name` as execvp(3) does. STATUS_OK with *path, or what to exit with. */
int program_find(struct pool *pool, const char *name, const char **path);

struct refusal {
    int status;       /* STATUS_OK, or what to exit with */
    const char *path; /* which file is meant; for a script it is the interpreter that counts */
    const char *why;  /* "is statically linked; ..." */
};

struct refusal program_judge(struct pool *pool, const char *path);

/* The same, said on stderr. STATUS_OK, or what to exit with. */
int program_check(struct pool *pool, const char *path);

#endif
