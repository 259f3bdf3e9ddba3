/* SPDX-License-Identifier: MIT */
/*
 * path.c - file names as a reader wants them
 */
#include "detector/cli/base/path.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL || slash[1] == '\0' ? path : slash + 1;
}

const char *path_short(const char *path)
{
    static char here[PATH_MAX];
    size_t length;

    if (here[0] == '\0' && getcwd(here, sizeof(here)) == NULL)
        return path;
    length = strlen(here);
    if (length > 1 && strncmp(path, here, length) == 0 && path[length] == '/')
        return path + length + 1;
    return path;
}
