/* SPDX-License-Identifier: MIT */
/*
 * library.c - where is libgridlock.so?
 *
 * Beside the command (a build folder), in ../lib beside it (an installation that was moved), or where
 * it was installed to. LD_PRELOAD separates its entries by blanks and colons and knows no quoting.
 */
#include "detector/cli/base/library.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef GRIDLOCK_LIBDIR
#define GRIDLOCK_LIBDIR "/usr/local/lib"
#endif
#ifndef GRIDLOCK_PREFIX
#define GRIDLOCK_PREFIX "/usr/local"
#endif

const char *command_directory(struct pool *pool)
{
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
    char *slash;

    if (length <= 0)
        return NULL;
    path[length] = '\0';
    slash = strrchr(path, '/');
    return slash == NULL ? NULL : pool_copy_n(pool, path, (size_t)(slash - path));
}

/* The path without links and `..`, if the file is there. A distribution keeps the bare name for those
 * who build programs. */
static const char *existing(struct pool *pool, const char *directory, const char *below)
{
    char *real = realpath(pool_printf(pool, "%s%s/libgridlock.so", directory, below), NULL);
    const char *path;

    if (real == NULL)
        real = realpath(pool_printf(pool, "%s%s/libgridlock.so.0", directory, below), NULL);
    path = real == NULL ? NULL : pool_copy(pool, real);

    free(real);
    return path;
}

/* LIBDIR as it is seen from PREFIX; both may have been moved together. */
static const char *libraries_below_prefix(void)
{
    size_t length = strlen(GRIDLOCK_PREFIX);

    return strncmp(GRIDLOCK_LIBDIR, GRIDLOCK_PREFIX "/", length + 1) == 0 ? &GRIDLOCK_LIBDIR[length]
                                                                          : "/lib";
}

const char *library_look(struct pool *pool, const char **why)
{
    const char *own = command_directory(pool), *path = NULL;

    if (own != NULL)
        path = existing(pool, own, "");
    if (path == NULL && own != NULL)
        path = existing(pool, own, pool_printf(pool, "/..%s", libraries_below_prefix()));
    if (path == NULL)
        path = existing(pool, GRIDLOCK_LIBDIR, "");
    if (path == NULL)
        *why =
            "libgridlock.so is neither beside the command, nor in ../lib, nor in " GRIDLOCK_LIBDIR;
    else if (strpbrk(path, " :\t\n") != NULL)
        *why = pool_printf(pool, "%s: LD_PRELOAD allows no blank and no colon in a path", path);
    else
        return path;
    return NULL;
}

const char *library_find(struct pool *pool)
{
    const char *why, *path = library_look(pool, &why);

    if (path == NULL)
        fprintf(stderr, "gridlock: %s\n", why);
    return path;
}
