/* SPDX-License-Identifier: MIT */
/*
 * unit.h - what the unit tests share: cmocka, counts of tables, random numbers, fakes
 *
 * Layer:    tests/unit
 * Memory:   none
 * Locking:  random_next(): one thread
 * Errors:   none
 */
#ifndef GRIDLOCK_TESTS_UNIT_H
#define GRIDLOCK_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* True in a tree built with ThreadSanitizer, where everything takes ten times as long. */
#if defined(__SANITIZE_THREAD__)
#define UNDER_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define UNDER_TSAN 1
#endif
#endif
#ifndef UNDER_TSAN
#define UNDER_TSAN 0
#endif

/* Marsaglia's xorshift: the same numbers in every run, so that a failure can be repeated. */
static inline uint32_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (uint32_t)(*state >> 16);
}

static inline uint32_t random_below(uint64_t *state, uint32_t limit)
{
    return random_next(state) % limit;
}

/*
 * The probes of detector/interpose, which reads glibc's objects, are faked in fakes.c: the core is
 * tested without the interposer. A fake lock holds its mark where probe_mark() finds it.
 */
struct fake_lock {
    uintptr_t state, mark;
};
extern bool fake_marks; /* false, as at start: there is no word for a mark */

#endif
