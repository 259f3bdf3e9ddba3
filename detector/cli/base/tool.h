/* SPDX-License-Identifier: MIT */
/*
 * tool.h - run a compiler or a small program to its end, with its output in files
 *
 * Layer:    detector/cli/base
 * Memory:   the caller's
 * Locking:  none
 * Errors:   statuses, as those of a shell; TOOL_TIMEOUT when the time was up
 */
#ifndef CLI_TOOL_H
#define CLI_TOOL_H

#include <stdbool.h>

#include "detector/cli/base/pool.h"

enum { TOOL_TIMEOUT = 124 };

struct tool {
    const char *const *argv; /* NULL-ended; argv[0] is looked up in PATH */
    const char *folder;      /* to run in, or NULL */
    const char *out, *err;   /* files; NULL: thrown away; the same name for both is allowed */
    const char *variable;    /* NULL, or NAME=VALUE for its environment */
    int seconds;             /* then it is ended; 0: no limit */
    bool fixed_addresses;    /* old ThreadSanitizers cannot live with very random ones */
    bool shown;              /* its output goes where ours goes */
};

int tool_run(const struct tool *tool);

/* Is there such a program in PATH? */
bool tool_exists(struct pool *pool, const char *name);

/* The whole file, with a NUL behind it; NULL if it cannot be read. */
char *file_text(struct pool *pool, const char *path);

#endif
