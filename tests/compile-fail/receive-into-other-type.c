/* SPDX-License-Identifier: MIT */
/*
 * receive-into-other-type - an int does not fit into a double
 *
 * gcc:      incompatible pointer type
 * clang:    incompatible pointer types
 */
#include "common.h"

void example(void)
{
#ifdef MISTAKE
    double value;

    chan_recv(ints, &value);
#else
    int value;

    chan_recv(ints, &value);
#endif
}
