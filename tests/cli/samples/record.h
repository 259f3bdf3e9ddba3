/* SPDX-License-Identifier: MIT */
/*
 * record.h - findings as the library would write them, without the library
 *
 * Layer:    tests/cli
 * Memory:   static
 * Locking:  none; a sample has one thread and only plays that it has several
 * Errors:   a full table or an unwritable file aborts the sample
 *
 * A sample is linked with record.c, whose pthread functions do nothing but note who called them, on
 * what, and the stack. The sample then says which finding its calls amount to, and raw findings with
 * real addresses of a real program go to a findings area.
 */
#ifndef TESTS_CLI_RECORD_H
#define TESTS_CLI_RECORD_H

#ifdef __cplusplus
extern "C" {
#endif

/* The calls that follow are made by this thread; function: where it started, or NULL. */
void record_thread(int id, const char *name, void *function);

/* Turns the calls noted so far into one finding each way, and forgets them. */
void record_cycle(void);    /* 4 calls: A, B by one thread; B, A by another */
void record_deadlock(void); /* each thread: its last call waits, the ones before it hold */
void record_misuse(const char *name, const char *severity, const char *message);

/* A note that a cycle was rejected. */
void record_note(const char *reason);

/* Ends a line in its middle, as a killed program does. */
void record_torn(void);

/* Writes all of it to the file. */
void record_write(const char *path);

#ifdef __cplusplus
}
#endif

#endif
