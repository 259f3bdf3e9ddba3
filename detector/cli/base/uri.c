/* SPDX-License-Identifier: MIT */
/*
 * uri.c - a file's path as a URI (RFC 3986, RFC 8089)
 *
 * Every byte that is not unreserved is percent-encoded, but for the slashes: so a colon in the first
 * part is no scheme, and bytes that are no UTF-8 come through.
 */
#include "detector/cli/base/uri.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_plain(unsigned char c)
{
    return c < 128 && (isalnum(c) || strchr("-._~/", c) != NULL);
}

const char *uri_of_path(struct pool *pool, const char *path)
{
    static const char scheme[] = "file://";
    char *uri = pool_array(pool, sizeof(scheme) + 3 * strlen(path), 1), *end = uri;

    if (path[0] == '/')
        end = stpcpy(end, scheme);
    for (; *path != '\0'; path++)
        if (is_plain((unsigned char)*path))
            *end++ = *path;
        else
            end += sprintf(end, "%%%02X", (unsigned char)*path);
    *end = '\0';
    return uri;
}
