/* SPDX-License-Identifier: MIT */
/*
 * What does gridlock_name() do where nobody watches? Nothing: a name is for reports.
 *
 * Only in the archives without the detector; elsewhere detector/interpose/thread.c has it.
 */
#include "include/gridlock/go.h"

void gridlock_name(const void *object, const char *format, ...)
{
    (void)object;
    (void)format;
}
