/* SPDX-License-Identifier: MIT */
/*
 * other-channel - channels of different types do not mix
 *
 * gcc:      invalid initializer
 * clang:    initializing 'int_chan' with an expression of incompatible type 'long_chan'
 */
#include "common.h"

void example(void)
{
#ifdef MISTAKE
    int_chan c = longs;

    chan_close(c);
#else
    int_chan c = ints;

    chan_close(c);
#endif
}
