/* SPDX-License-Identifier: MIT */
/*
 * load.h - what the load tests share: saying what is wrong, time, memory, dice
 *
 * Memory:   none
 * Locking:  any thread may call any of these; a die belongs to one goroutine
 * Errors:   require() ends the program with status 1
 */
#ifndef GRIDLOCK_TESTS_LOAD_H
#define GRIDLOCK_TESTS_LOAD_H

#include <gridlock.h>

/* Else prints the printf-like text with the program's name, and exits. */
#define require(condition, ...)                                                                    \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail(#condition, __VA_ARGS__);                                                         \
    } while (0)

_Noreturn void fail(const char *condition, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A sanitizer keeps memory of its own for each thread, also of those that have ended. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

/* The n-th argument as a number. */
long number(char **argv, int n);

int64_t now(void);
/* Memory in RAM, in bytes. */
size_t resident(void);

/* A pseudo-random number in [0, n); *die is any number at the start. */
uint32_t roll(uint64_t *die, uint32_t n);

#endif
