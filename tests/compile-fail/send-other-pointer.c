/* SPDX-License-Identifier: MIT */
/*
 * send-other-pointer - a pointer to something else is no text
 *
 * gcc:      incompatible pointer type
 * clang:    incompatible pointer types
 */
#include "common.h"

void example(void)
{
#ifdef MISTAKE
    int value = 1;

    chan_send(texts, &value);
#else
    const char *value = "1";

    chan_send(texts, value);
#endif
}
