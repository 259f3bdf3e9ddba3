/* SPDX-License-Identifier: MIT */
/*
 * go-other-function - a goroutine's function takes a pointer
 *
 * gcc:      incompatible pointer type
 * clang:    incompatible pointer types|incompatible function pointer types
 */
#include "common.h"

static void count(int *n)
{
    ++*n;
}

static void count_any(void *n)
{
    count(n);
}

void example(void)
{
#ifdef MISTAKE
    static int n;

    go(count, &n);
#else
    static int n;

    go(count_any, &n);
#endif
}
