/* SPDX-License-Identifier: MIT */
/*
 * scenario.h - the frame of a program that holds many small scenarios: PROGRAM NAME runs one
 *
 * Layer:    tests/matrix (programs under test; nothing of the detector is included)
 * Memory:   none
 * Locking:  step and reach use one atomic, which puts nothing in order for a detector
 * Errors:   a call that must not fail and does ends the program with status 3
 */
#ifndef TESTS_MATRIX_SCENARIO_H
#define TESTS_MATRIX_SCENARIO_H

#include <pthread.h>
#include <semaphore.h>

#ifdef __cplusplus
extern "C" {
#endif

struct scenario {
    const char *name;
    void (*run)(void);
};

/* The program's own; ends with a NULL name. "done" is printed when run() returns. */
extern const struct scenario scenarios[];

/* Says what went wrong and ends the program with status 3. */
void fail(const char *what) __attribute__((noreturn));

pthread_t start(void *(*function)(void *), void *arg);
void join(pthread_t thread);
void sleep_ms(int ms);

/* Announces that step n of the scenario is reached, and waits for it. */
void reach(int n);
void await(int n);

/* A semaphore of the given kind, ready for use. */
void sem_make(sem_t *sem, unsigned value);

#ifdef __cplusplus
}
#endif
#endif
