/* SPDX-License-Identifier: MIT */
/*
 * utf8.h - characters of more than one byte
 *
 * Layer:    detector/cli/base
 * Memory:   texts belong to the pool
 * Locking:  none
 * Errors:   none; a byte that belongs to no character counts as one
 */
#ifndef CLI_UTF8_H
#define CLI_UTF8_H

#include <stddef.h>

#include "detector/cli/base/pool.h"

/* How many bytes the character at `text` has (RFC 3629); 0 if it is none. */
size_t utf8_length(const char *text);

/* The text with U+FFFD for every byte that belongs to no character. */
const char *utf8_repaired(struct pool *pool, const char *text);

/* How many characters the first `bytes` bytes are. */
int utf8_count(const char *text, size_t bytes);

/* Behind the first `count` characters, or the end. */
const char *utf8_at(const char *text, int count);

#endif
