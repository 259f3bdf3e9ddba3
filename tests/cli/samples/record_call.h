/* SPDX-License-Identifier: MIT */
/*
 * record_call.h - one call that a sample made, for record.c and record_runtime.c
 *
 * Layer:    tests/cli
 * Memory:   static
 * Locking:  none
 * Errors:   a full table aborts the sample
 */
#ifndef TESTS_CLI_RECORD_CALL_H
#define TESTS_CLI_RECORD_CALL_H

enum { MAX_STACK = 12, MAX_CASES = 8 };

struct call {
    int thread;
    const char *operation, *kind;
    void *object; /* NULL: a nil channel, or a select */
    int capacity; /* of the channel that is made; else -1 */
    struct {
        const char *operation;
        void *object;
    } cases[MAX_CASES]; /* of a select */
    int case_count;
    void *stack[MAX_STACK];
    int depth;
};

/* Notes a call of the current thread, with the stack from `caller` outwards. */
struct call *record_call(const char *operation, const char *kind, void *object, void *caller);

#endif
