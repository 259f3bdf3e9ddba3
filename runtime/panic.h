/* SPDX-License-Identifier: MIT */
/*
 * panic.h - the end that Go gives to a program that misuses it, in Go's words
 *
 * Layer:    runtime
 * Memory:   none
 * Locking:  call without any lock
 * Errors:   does not return
 *
 * Two steps, so that the finding comes between the words and the end:
 *
 *      panic_say("send on closed channel");
 *      event_chan_misuse(EVENT_SEND_ON_CLOSED, ...);
 *      abort();
 */
#ifndef GRIDLOCK_RUNTIME_PANIC_H
#define GRIDLOCK_RUNTIME_PANIC_H

#include <stdlib.h>

/* Prints "panic: TEXT" to stderr. */
void panic_say(const char *text);
/* Prints "fatal error: TEXT" to stderr, and aborts. */
_Noreturn void panic_fatal(const char *text);
/* panic_say() and abort(), for what needs no finding of its own. */
_Noreturn void panic(const char *text);

#endif
