/* SPDX-License-Identifier: MIT */
/*
 * defer.h - calling something when the block ends, however it ends
 *
 * Source:   Go's defer statement; there the call waits for the end of the function, here for the end
 *           of the enclosing block. Based on the cleanup attribute of gcc and clang
 * Memory:   a few words on the caller's stack
 * Locking:  none
 * Errors:   none; exit(), abort() and longjmp() leave without it
 *
 *      pthread_mutex_lock(&m);
 *      DEFER(pthread_mutex_unlock, &m);
 *
 * The argument is evaluated now, the call is made at the end of the block; several are called in
 * the reverse order. `function` takes one pointer and may return an int or nothing.
 */
#ifndef GRIDLOCK_DEFER_H
#define GRIDLOCK_DEFER_H

#include <stddef.h>

struct defer {
    void (*function)(void);
    void *argument;
    size_t checked; /* only there so that the compiler compares the argument with the function */
};

static inline void defer_run(struct defer *defer)
{
    ((void (*)(void *))defer->function)(defer->argument);
}

#define DEFER(function, argument)       DEFER_AT(function, argument, __COUNTER__)
#define DEFER_AT(function, argument, n) DEFER_AS(function, argument, n)
#define DEFER_AS(function_, argument_, n)                                  \
    __attribute__((cleanup(defer_run), unused)) struct defer defer_##n = { \
        .function = (void (*)(void))(function_),                           \
        .argument = (void *)(argument_),                                   \
        .checked = sizeof((function_)(argument_), 0)}

#endif
