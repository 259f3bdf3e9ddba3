/* SPDX-License-Identifier: MIT */
/*
 * receive-into-value - a receive needs to know where to, not what
 *
 * gcc:      makes pointer from integer without a cast
 * clang:    incompatible integer to pointer conversion
 */
#include "common.h"

void example(void)
{
#ifdef MISTAKE
    int value = 0;

    chan_recv(ints, value);
#else
    int value = 0;

    chan_recv(ints, &value);
#endif
}
