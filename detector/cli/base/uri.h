/* SPDX-License-Identifier: MIT */
/*
 * uri.h - a file's path as a URI (RFC 3986, RFC 8089)
 *
 * Layer:    detector/cli/base
 * Memory:   texts belong to the pool
 * Locking:  none
 * Errors:   none
 */
#ifndef CLI_URI_H
#define CLI_URI_H

#include "detector/cli/base/pool.h"

/* `file:///usr/bin/a%20b` of an absolute path, a reference relative to its base of any other. */
const char *uri_of_path(struct pool *pool, const char *path);

#endif
