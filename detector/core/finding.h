/* SPDX-License-Identifier: MIT */
/*
 * finding.h - how the detector tells what it found; detector/report writes it down
 *
 * Layer:    detector/core (the interface), implemented in detector/report
 * Memory:   one finding at a time, in a static buffer
 * Locking:  finding_begin() takes the report lock, finding_end() gives it back; it may be taken
 *           under the detector's lock, never the other way round. finding_end() is called without
 *           the detector's lock.
 * Errors:   a finding that does not fit is counted as dropped, and the report says so
 *
 * Text may hold {thread:ID} and {object:N}; the command puts the names in.
 */
#ifndef GRIDLOCK_CORE_FINDING_H
#define GRIDLOCK_CORE_FINDING_H

#include "detector/core/object.h"
#include "detector/core/thread.h"

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };
enum confidence { CONFIDENCE_POSSIBLE, CONFIDENCE_LIKELY, CONFIDENCE_CERTAIN };

struct finding_head {
    const char *name;
    enum severity severity;
    enum confidence confidence;
    const char *lesson; /* or NULL */
    uint64_t identity;  /* equal for equal findings: written once; 0: always written */
    int64_t after_ns;   /* how long it had lasted */
};

/* A place in the program, from a stack or, where none was taken, from a call site alone. */
struct where {
    const struct stack *stack;
    const void *pc;
};

/* False: this identity was written before, nothing is begun. */
bool finding_begin(const struct finding_head *head);
/* The finding's number for an object, in the order of first mention. */
unsigned finding_object(const void *address, enum object_kind kind);
/* The same for a channel, with what its record knows; the record may be NULL. */
unsigned finding_channel(const struct channel *channel, const void *address);
/* A line that is said before the report, alone. */
void finding_heading(const char *text);
void finding_message(const char *format, ...) __attribute__((format(printf, 1, 2)));
void finding_help(const char *format, ...) __attribute__((format(printf, 1, 2)));
void finding_reason(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A thread with all that is known of it; `part`: it belongs to the stuck ones. */
void finding_thread(struct thread *thread, bool part, const uint32_t *waits_for, uint32_t count);
/* A thread that only is mentioned: no holds and waits, the given place is its stack. */
void finding_thread_at(uint32_t id, struct where where);
void finding_place(uint32_t thread, struct where where, bool primary, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void finding_cycle(uint32_t thread, unsigned holds, unsigned wants);
void finding_turn(uint32_t thread, const char *operation, unsigned object, struct where where,
                  uint32_t waits_for);
/* Something of this finding was left out: the report says so. */
void finding_shorten(void);
void finding_end(void);

/* Around a fork, so that the child finds no half-written finding. */
void finding_lock(void);
void finding_unlock(void);

/* Has this process written a finding of at least `severity`? */
bool finding_any(enum severity severity);

/* Something had to be dropped; `what` is said once. */
void limit_reached(const char *what);

/* Options, from the environment. */
enum on_deadlock { ON_DEADLOCK_EXIT, ON_DEADLOCK_ABORT, ON_DEADLOCK_WAIT };
struct report_options {
    enum on_deadlock on_deadlock;
    int exitcode;
    bool all, statistics;
    bool follow_none; /* children of the first process are not watched */
};
extern struct report_options report_options;
/* After a certain deadlock: ends the process, or returns if it is to wait. */
void report_deadlock_action(void);

static inline enum object_kind object_kind_of_lock(enum lock_kind kind)
{
    static const enum object_kind kinds[] = {OBJECT_MUTEX, OBJECT_RWLOCK, OBJECT_SPIN,
                                             OBJECT_SEMAPHORE};
    return kinds[kind];
}

/* What a blocked thread does, and the kind of object it waits for, in the words of a finding. */
static inline const char *operation_of_wait(const struct wait *wait)
{
    static const char *const names[] = {
        [WAIT_NONE] = "run",           [WAIT_MUTEX] = "lock",       [WAIT_SPIN] = "spin-lock",
        [WAIT_READ_LOCK] = "read-lock", [WAIT_WRITE_LOCK] = "write-lock", [WAIT_JOIN] = "join",
        [WAIT_COND] = "cond-wait",     [WAIT_SEMAPHORE] = "sem-wait",
        [WAIT_BARRIER] = "barrier-wait", [WAIT_ONCE] = "once",      [WAIT_DESTROY] = "destroy",
        [WAIT_SEND] = "send",          [WAIT_RECEIVE] = "receive",  [WAIT_SELECT] = "select",
        [WAIT_WAITGROUP] = "waitgroup-wait", [WAIT_SLEEP] = "sleep"};

    return names[wait->kind];
}

static inline enum object_kind object_kind_of_wait(const struct wait *wait)
{
    static const enum object_kind kinds[] = {
        [WAIT_NONE] = OBJECT_THREAD,       [WAIT_MUTEX] = OBJECT_MUTEX,
        [WAIT_SPIN] = OBJECT_SPIN,         [WAIT_READ_LOCK] = OBJECT_RWLOCK,
        [WAIT_WRITE_LOCK] = OBJECT_RWLOCK, [WAIT_JOIN] = OBJECT_THREAD,
        [WAIT_COND] = OBJECT_COND,         [WAIT_SEMAPHORE] = OBJECT_SEMAPHORE,
        [WAIT_BARRIER] = OBJECT_BARRIER,   [WAIT_ONCE] = OBJECT_ONCE,
        [WAIT_DESTROY] = OBJECT_COND,      [WAIT_SEND] = OBJECT_CHANNEL,
        [WAIT_RECEIVE] = OBJECT_CHANNEL,   [WAIT_SELECT] = OBJECT_CHANNEL,
        [WAIT_WAITGROUP] = OBJECT_WAITGROUP, [WAIT_SLEEP] = OBJECT_UNKNOWN};
    const struct object *object = wait->kind == WAIT_DESTROY ? object_find(wait->object) : NULL;

    return object ? (enum object_kind)object->kind : kinds[wait->kind];
}

#endif
