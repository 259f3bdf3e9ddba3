/* SPDX-License-Identifier: MIT */
/*
 * assign-other-channel - nor by assignment
 *
 * gcc:      incompatible types when assigning to type 'int_chan' from type 'long_chan'
 * clang:    assigning to 'int_chan' from incompatible type 'long_chan'
 */
#include "common.h"

void example(void)
{
#ifdef MISTAKE
    ints = longs;
#else
    ints = (int_chan){NULL};
#endif
}
