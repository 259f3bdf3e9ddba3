/* SPDX-License-Identifier: MIT */
/*
 * semantics.h - what the tests of the runtime's semantics have in common
 *
 * Memory:   struct task belongs to its test and must outlive the goroutine
 * Locking:  everything here may be called from any thread
 * Errors:   a CHECK that fails prints one line and aborts, in whatever thread
 *
 * A test is a function that runs in a process of its own; a row of a table says how that process
 * must end. Nothing here waits for a length of time to win a race: a test that needs somebody
 * asleep looks until the kernel says so.
 */
#ifndef SEMANTICS_H
#define SEMANTICS_H

#include <gridlock.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How the process of a test must end. "Flavour": with the detector linked in, under
 * ThreadSanitizer, or neither; where it does not apply the test is skipped, by name. */
enum ending {
    RETURNS,  /* with status 0 and nothing on stderr; so the detector finds nothing either */
    LEAVES,   /* the same, but goroutines stay blocked on purpose: findings are allowed */
    PANICS,   /* "panic: TEXT" and SIGABRT; 66 if the detector tells of it */
    FINDS,    /* detector: the text is on stderr, and the status is 66 */
    WAITS_IN, /* detector: it tells that main waits for ever, and TEXT is the operation */
    RACES,    /* ThreadSanitizer: reports a data race */
};

struct test {
    const char *number;   /* of the point in README.md; several tests may share it */
    const char *sentence; /* what must be true */
    void (*run)(void);
    enum ending ending;
    const char *text;
};

struct section {
    const struct test *tests;
    size_t count;
};

#define SECTION(table)                            \
    {                                             \
        (table), sizeof(table) / sizeof(table)[0] \
    }

extern const struct section chan_basics, chan_values, chan_closing, selects, select_load,
    contention, goroutines, waitgroups, contexts, context_rest, timers, memory_model;

/* --- saying that something is wrong --- */

#define CHECK(condition)            check((condition), #condition, __FILE__, __LINE__)
#define CHECK_INT(actual, expected) check_int((actual), (expected), #actual, __FILE__, __LINE__)
void check(bool condition, const char *text, const char *file, int line);
void check_int(long long actual, long long expected, const char *text, const char *file, int line);

/* --- goroutines that a test can look at --- */

struct task {
    void (*fn)(void *);
    void *arg;
    int tid;       /* 0: it has not started */
    bool finished; /* fn returned */
};

/* Runs fn(arg) in a goroutine. */
void task_start(struct task *task, void (*fn)(void *), void *arg);
/* Returns when it has finished; fails after some seconds. */
void task_join(struct task *task);
bool task_finished(const struct task *task);
/* Returns when it sleeps; fails if it finishes instead. */
void task_await_asleep(const struct task *task);
/* It sleeps, and goes on sleeping while nobody does anything: it is blocked. */
void task_check_blocked(const struct task *task);
/* Starts it and waits until it sleeps: so one after the other stands in a queue. */
void task_start_asleep(struct task *task, void (*fn)(void *), void *arg);

/* --- order without synchronisation --- */

/* A flag that ThreadSanitizer does not take for synchronisation. */
void flag_set(int *flag, int value);
int flag_get(const int *flag);
void flag_await(const int *flag, int value);

/* --- how much to do --- */

/* n; less where a sanitizer makes everything slower. */
int rounds(int n);
int64_t now_ns(void);
/* A small generator, the same numbers in every run. */
uint32_t next_random(uint32_t *state);

#endif
