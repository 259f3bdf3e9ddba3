/* SPDX-License-Identifier: MIT */
/*
 * workspace.h - the private folder of one run, with its findings area
 *
 * Layer:    detector/cli/base
 * Memory:   paths belong to the pool
 * Locking:  none
 * Errors:   false, said on stderr
 */
#ifndef CLI_WORKSPACE_H
#define CLI_WORKSPACE_H

#include <stdbool.h>

#include "detector/cli/base/pool.h"

struct workspace {
    const char *folder, *area; /* absolute paths */
};

bool workspace_make(struct pool *pool, struct workspace *w);
void workspace_remove(const struct workspace *w);

#endif
