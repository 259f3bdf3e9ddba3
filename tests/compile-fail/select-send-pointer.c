/* SPDX-License-Identifier: MIT */
/*
 * select-send-pointer - in a select too: a pointer is no int
 *
 * gcc:      makes integer from pointer without a cast
 * clang:    incompatible pointer to integer conversion
 */
#include "common.h"

void example(void)
{
#ifdef MISTAKE
    int value = 1;

    chan_select(SEND(ints, &value), DEFAULT);
#else
    int value = 1;

    chan_select(SEND(ints, value), DEFAULT);
#endif
}
