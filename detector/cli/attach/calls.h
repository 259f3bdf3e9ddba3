/* SPDX-License-Identifier: MIT */
/*
 * calls.h - which system calls bear that their thread is stopped?
 *
 * Layer:    detector/cli/attach
 * Memory:   none
 * Locking:  none
 * Errors:   a call that nobody has looked at counts as one that does not
 */
#ifndef CLI_CALLS_H
#define CLI_CALLS_H

#include <stdbool.h>
#include <stdint.h>

/* The kernel takes it up again where it was, with what is left of its time. */
bool call_bears_stop(int pid, long call, const uint64_t *arguments);

/* A stop ends it with EINTR before it has done anything: it may be started anew. */
bool call_may_restart(long call);

/* The program's own number of a call. `restart_syscall`, which the kernel puts there after a stop,
 * hides it; the code that made the call shows it. `code`: the bytes before pc. */
long call_number(long call, const unsigned char *code, int size);

enum { CALL_CODE = 64 };

#endif
