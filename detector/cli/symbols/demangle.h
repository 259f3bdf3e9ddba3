/* SPDX-License-Identifier: MIT */
/*
 * demangle.h - C++ names as people write them
 *
 * Layer:    detector/cli/symbols
 * Memory:   the result belongs to the pool or is the argument itself
 * Locking:  none
 * Errors:   a name that cannot be demangled stays as it is
 */
#ifndef CLI_DEMANGLE_H
#define CLI_DEMANGLE_H

#include "detector/cli/base/pool.h"

/* `_ZN4bank8transferEi` -> `bank::transfer`; the arguments are left away. A static local of a
 * function is `counter.lock`. */
const char *demangle(struct pool *pool, const char *symbol);

#endif
