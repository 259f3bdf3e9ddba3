/* SPDX-License-Identifier: MIT */
/*
 * untyped-channel - what has no type is not sent on
 *
 * gcc:      'ints.chan' is a pointer
 * clang:    member reference type 'struct chan \*' is a pointer|incomplete definition of type 'struct chan'
 */
#include "common.h"

void example(void)
{
#ifdef MISTAKE
    chan_send(ints.chan, 1);
#else
    chan_send(ints, 1);
#endif
}
