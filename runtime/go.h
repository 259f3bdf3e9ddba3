/* SPDX-License-Identifier: MIT */
/*
 * go.h - starting goroutines on behalf of somebody
 *
 * Layer:    runtime
 * Memory:   the name is copied
 * Locking:  none
 * Errors:   as go()
 */
#ifndef GRIDLOCK_RUNTIME_GO_H
#define GRIDLOCK_RUNTIME_GO_H

#include "detector/core/runtime_event.h"

/* go_named() as if it were called at `site`; name may be NULL. `shown` is the program's function that
 * reports name: fn itself, or what fn is going to call. */
void go_at(const char *name, void (*fn)(void *), void *arg, const void *shown, struct site site);

#endif
