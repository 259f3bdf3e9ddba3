/* SPDX-License-Identifier: MIT */
/*
 * send-pointer - a pointer does not go through a channel of ints
 *
 * gcc:      makes integer from pointer without a cast
 * clang:    incompatible pointer to integer conversion
 */
#include "common.h"

void example(void)
{
#ifdef MISTAKE
    int value = 1;

    chan_send(ints, &value);
#else
    int value = 1;

    chan_send(ints, value);
#endif
}
