/* SPDX-License-Identifier: MIT */
/*
 * select-receive-into-other-type - in a select too: a double is no int
 *
 * gcc:      incompatible pointer type
 * clang:    incompatible pointer types
 */
#include "common.h"

void example(void)
{
#ifdef MISTAKE
    double value;

    chan_select(RECV(ints, &value));
#else
    int value;

    chan_select(RECV(ints, &value));
#endif
}
