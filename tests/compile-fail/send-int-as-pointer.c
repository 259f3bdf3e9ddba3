/* SPDX-License-Identifier: MIT */
/*
 * send-int-as-pointer - a number is no text
 *
 * gcc:      makes pointer from integer without a cast
 * clang:    incompatible integer to pointer conversion
 */
#include "common.h"

void example(void)
{
#ifdef MISTAKE
    chan_send(texts, 5);
#else
    chan_send(texts, "5");
#endif
}
