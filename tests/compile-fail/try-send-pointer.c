/* SPDX-License-Identifier: MIT */
/*
 * try-send-pointer - the same for a try
 *
 * gcc:      makes integer from pointer without a cast
 * clang:    incompatible pointer to integer conversion
 */
#include "common.h"

void example(void)
{
#ifdef MISTAKE
    int value = 1;

    chan_try_send(ints, &value);
#else
    int value = 1;

    chan_try_send(ints, value);
#endif
}
