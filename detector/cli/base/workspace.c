/* SPDX-License-Identifier: MIT */
/*
 * workspace.c - the private folder of one run, with its findings area
 *
 * Others may enter the folder but not list it: a watched program that changes its user still opens
 * the area by its path, and nobody else learns the path.
 */
#include "detector/cli/base/workspace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "detector/cli/base/area.h"

bool workspace_make(struct pool *pool, struct workspace *w)
{
    const char *where = getenv("TMPDIR");
    char *folder;

    if (where == NULL || where[0] != '/' || access(where, W_OK) != 0)
        where = "/tmp";
    folder = pool_printf(pool, "%s/gridlock-XXXXXX", where);
    if (mkdtemp(folder) == NULL) {
        fprintf(stderr, "gridlock: cannot make a folder in %s: %s\n", where, strerror(errno));
        return false;
    }
    w->folder = folder;
    w->area = pool_printf(pool, "%s/findings", folder);
    if (chmod(folder, 0711) != 0 || !area_create(w->area)) {
        fprintf(stderr, "gridlock: cannot make %s: %s\n", w->area, strerror(errno));
        workspace_remove(w);
        return false;
    }
    return true;
}

void workspace_remove(const struct workspace *w)
{
    unlink(w->area);
    rmdir(w->folder);
}
