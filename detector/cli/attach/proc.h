/* SPDX-License-Identifier: MIT */
/*
 * proc.h - what /proc tells of a process and its threads; nobody is stopped for it
 *
 * Layer:    detector/cli/attach
 * Memory:   texts are on the given pool
 * Locking:  none
 * Errors:   false or NULL, with errno
 */
#ifndef CLI_PROC_H
#define CLI_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "detector/cli/attach/image_source.h"
#include "detector/cli/base/pool.h"

/* /proc/PID/NAME as text; NULL if it cannot be read. */
char *proc_text(struct pool *pool, int pid, const char *name);

/* Where the link /proc/PID/NAME points to; NULL if that is hidden. */
char *proc_link(struct pool *pool, int pid, const char *name);

/* The number behind `key:` in the text of a status file; of several the last. -1: no such line. */
long proc_number(const char *status, const char *key);

/* The threads' numbers, the smallest first. NULL if there is no such process. */
int *proc_threads(struct pool *pool, int pid, size_t *count);

/* A thread that has not ended; 0: there is none. */
int proc_alive(struct pool *pool, int pid);

/* What a look without a stop shows of a thread. */
struct proc_call {
    bool asleep; /* it is in no state to change anything, and the rest is known */
    long call;   /* -1: in none, for instance in a page fault */
    uint64_t arguments[6];
    uint64_t sp, pc;
};

/* False, with errno, if the kernel does not tell. */
bool proc_call(int pid, int tid, struct proc_call *call);

/* As in /proc/PID/stat; 0 if it is gone. */
char proc_state(int pid, int tid);

/* How often it was put on a processor. */
uint64_t proc_switches(int pid, int tid);

/* The address space. NULL if the kernel does not show it. */
struct mapping *proc_mappings(struct pool *pool, int pid, size_t *count);

#endif
