/* SPDX-License-Identifier: MIT */
/*
 * receive-ok-into-int - whether there was a value is a bool
 *
 * gcc:      incompatible pointer type
 * clang:    incompatible pointer types
 */
#include "common.h"

void example(void)
{
#ifdef MISTAKE
    int ok;

    chan_try_recv(ints, NULL, &ok);
#else
    bool ok;

    chan_try_recv(ints, NULL, &ok);
#endif
}
