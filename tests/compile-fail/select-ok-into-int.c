/* SPDX-License-Identifier: MIT */
/*
 * select-ok-into-int - in a select too: whether there was a value is a bool
 *
 * gcc:      incompatible pointer type
 * clang:    incompatible pointer types
 */
#include "common.h"

void example(void)
{
#ifdef MISTAKE
    int ok;

    chan_select(RECV_OK(ints, NULL, &ok));
#else
    bool ok;

    chan_select(RECV_OK(ints, NULL, &ok));
#endif
}
