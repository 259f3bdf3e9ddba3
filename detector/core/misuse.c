/* SPDX-License-Identifier: MIT */
/*
 * What did this call do that no call may do? One table of rules with the sentences that tell
 * them; who notices the case is the interposer (a mutex's own memory knows its owner) or
 * misuse_ends.c (held-lock sets know the rest).
 */
#include "detector/core/misuse.h"

#include <stdio.h>
#include <string.h>

struct rule {
    const char *name;
    enum severity severity;
    bool hangs;
    const char *lesson;
    const char *message;
    const char *here;  /* what happens at the call */
    const char *other; /* what happened at the other place */
    const char *help;
};

static const struct rule rules[] = {
    [MISUSE_UNLOCK_NOT_LOCKED] = {"unlock-not-locked", SEVERITY_WARNING, false,
                                  "locks/unlock-not-locked",
                                  "{T} unlocks {O}, which nobody holds", "unlocked here", NULL,
                                  "unlock once for each lock, on the same path"},
    [MISUSE_UNLOCK_NOT_OWNER] = {"unlock-not-owner", SEVERITY_WARNING, false,
                                 "locks/unlock-by-other-thread",
                                 "{T} unlocks {O}, which {U} holds", "{T} unlocks it here",
                                 "{U} locked it here",
                                 "unlock in the thread that locked; to wake another thread use a "
                                 "semaphore or a condition"},
    [MISUSE_DESTROY_LOCKED] = {"destroy-locked", SEVERITY_WARNING, false, "locks/destroy-in-use",
                               "{T} destroys {O} while {U} holds it", "destroyed here",
                               "{U} locked it here", "unlock it, and let nobody use it, before it "
                                                     "is destroyed"},
    [MISUSE_REINIT_LOCKED] = {"reinit-locked", SEVERITY_WARNING, false, "locks/destroy-in-use",
                              "{T} initialises {O} again while {U} holds it", "initialised here",
                              "{U} locked it here", "initialise once, before other threads start"},
    [MISUSE_FREE_LOCKED] = {"free-locked", SEVERITY_WARNING, false, "locks/destroy-in-use",
                            "{T} frees the memory of {O} while {U} holds it", "freed here",
                            "{U} locked it here", "unlock and destroy the lock before its memory "
                                                  "is freed"},
    [MISUSE_EXIT_HOLDING_LOCK] = {"exit-holding-lock", SEVERITY_WARNING, false,
                                  "locks/missing-unlock-early-return",
                                  "{T} ended and still holds {O}", "{T} locked it here, and never "
                                                                   "unlocked it", NULL,
                                  "unlock on every path out of the function, also the early ones"},
    [MISUSE_CANCEL_HOLDING_LOCK] = {"cancel-holding-lock", SEVERITY_WARNING, false,
                                    "context/async-cancel-or-kill",
                                    "{T} was cancelled while it held {O}",
                                    "{T} locked it here, and nothing unlocked it",
                                    "{U} cancelled it here",
                                    "push a cleanup handler that unlocks, or ask the thread to end "
                                    "instead of cancelling it"},
    [MISUSE_FORK_HOLDING_LOCK] = {"fork-holding-lock", SEVERITY_ERROR, true, NULL,
                                  "{T} waits for {O}, which {U} held when the process forked; {U} "
                                  "does not exist in the child",
                                  "waits here for ever", "{U} locked it here, in the parent",
                                  "between fork and exec use only async-signal-safe functions, or "
                                  "take the lock around fork with pthread_atfork"},
    [MISUSE_LOCK_IN_SIGNAL_HANDLER] = {"lock-in-signal-handler", SEVERITY_WARNING, false,
                                       "context/signal-handler-unsafe",
                                       "{O} is taken in a signal handler and outside one with the "
                                       "signal unblocked",
                                       "taken here, where the handler can interrupt",
                                       "the handler took it here",
                                       "let the handler set a flag or write to a pipe, or block "
                                       "the signal while the lock is held"},
    [MISUSE_COND_WAIT_UNLOCKED] = {"cond-wait-unlocked", SEVERITY_WARNING, false,
                                   "waiting/cond-wrong-mutex",
                                   "{T} waits on {O} without holding {P}", "waits here", NULL,
                                   "lock the mutex, test the condition in a loop, and wait inside "
                                   "it"},
    [MISUSE_COND_TWO_MUTEXES] = {"cond-two-mutexes", SEVERITY_WARNING, false,
                                 "waiting/cond-wrong-mutex",
                                 "{O} is waited on with two different mutexes at the same time",
                                 "{T} waits here with {P}", "{U} waits here with {Q}",
                                 "use one mutex with one condition"},
    [MISUSE_DESTROY_IN_USE] = {"destroy-in-use", SEVERITY_WARNING, false, "locks/destroy-in-use",
                               "{T} destroys {O} while {U} waits on it", "destroyed here",
                               "{U} waits here", "join or wake all waiters first"},
    [MISUSE_DOUBLE_JOIN] = {"double-join", SEVERITY_WARNING, false, "lifetime/join-detach-misuse",
                            "{T} joins {U}, which is joined already", "joined again here", NULL,
                            "join each thread exactly once, from one place"},
    [MISUSE_JOIN_DETACHED] = {"double-join", SEVERITY_WARNING, false,
                              "lifetime/join-detach-misuse",
                              "{T} joins {U}, which is detached", "joined here", NULL,
                              "join a thread or detach it, not both"},
    [MISUSE_THREAD_NOT_JOINED] = {"thread-not-joined", SEVERITY_WARNING, false,
                                  "lifetime/join-detach-misuse",
                                  "{T}{N} ended but {W} neither joined nor detached",
                                  "created here", NULL,
                                  "join every thread, or detach it if nobody needs its result"},
    [MISUSE_RECURSIVE_READ_LOCK] = {"recursive-read-lock", SEVERITY_WARNING, false,
                                    "deadlocks/recursive-read-lock",
                                    "{T} read-locks {O} twice; a writer that queues in between "
                                    "stops it for ever",
                                    "read-locked again here", "first read-locked here",
                                    "read-lock once and pass the fact down, or use a lock that "
                                    "prefers readers"},
    [MISUSE_WAIT_UNDER_LOCK] = {"wait-under-lock", SEVERITY_WARNING, false,
                                "locks/blocking-while-holding-lock",
                                "{T} waits on {O} while it holds {P}, which {U} needs to post it; "
                                "it did not hang in this run",
                                "{T} waits here with {P} held", "{U} posts here with {P} held",
                                "wait before taking the lock, or post after giving it back"},
    [MISUSE_SELF_DEADLOCK] = {"self-deadlock", SEVERITY_ERROR, true, "locks/double-lock-self",
                              "{T} waits for {O}, which it holds itself", "asks for it again here",
                              "{T} locked it here",
                              "lock once and call an unlocked inner function, or make the mutex "
                              "recursive"},
    [MISUSE_RWLOCK_UPGRADE] = {"rwlock-upgrade", SEVERITY_ERROR, true,
                               "deadlocks/recursive-read-lock",
                               "{T} asks to write {O}, which it holds for reading",
                               "asks for the write lock here", "{T} read-locked it here",
                               "give the read lock back first, then take the write lock and test "
                               "again"},
    [MISUSE_ONCE_REENTRY] = {"once-reentry", SEVERITY_ERROR, true, "waiting/once-reentry",
                             "{T} waits for {O}, whose function it is running itself",
                             "calls it again here", NULL,
                             "do not call the once function from inside its own initialiser"},
    [MISUSE_COPIED_LOCK] = {"copied-lock", SEVERITY_ERROR, true, "locks/copied-lock",
                            "{O} says that {U} holds it, but {U} never locked it: its bytes were "
                            "copied from a held lock, or overwritten",
                            "waits here for ever", NULL,
                            "never copy a struct that holds a lock; pass a pointer"},
    [MISUSE_JOIN_SELF] = {"self-deadlock", SEVERITY_WARNING, false, "deadlocks/wait-for-own-end",
                          "{T} joins itself", "joined here", NULL,
                          "let another thread join it, or detach it"},
};

/* What a letter in braces stands for, as finding.h understands it; -1 if for nothing. */
static int put_name(char *text, size_t size, char letter, const struct misuse_case *what)
{
    switch (letter) {
    case 'T':
        return snprintf(text, size, "{thread:%u}", what->thread);
    case 'U':
        return snprintf(text, size, "{thread:%u}", what->other_thread);
    case 'O':
        return snprintf(text, size, "{object:%u}", finding_object(what->object, what->kind));
    case 'P':
        return snprintf(text, size, "{object:%u}",
                        finding_object(what->other_object, what->other_kind));
    case 'Q':
        return snprintf(text, size, "{object:%u}",
                        finding_object(what->third_object, what->other_kind));
    case 'N':
        return what->more ? snprintf(text, size, " and %u more", what->more) : 0;
    case 'W':
        return snprintf(text, size, "%s", what->more ? "were" : "was");
    default:
        return -1;
    }
}

/* Replaces the letters in braces. */
static const char *expand(char *text, size_t size, const char *pattern,
                          const struct misuse_case *what)
{
    size_t length = 0;

    while (*pattern && length + 24 < size) {
        char letter = pattern[0] == '{' && pattern[1] && pattern[2] == '}' ? pattern[1] : 0;
        int put = put_name(text + length, size - length, letter, what);

        if (put < 0)
            text[length] = *pattern;
        length += put < 0 ? 1 : (size_t)put;
        pattern += put < 0 ? 1 : 3;
    }
    text[length] = 0;
    return text;
}

static uint64_t identity(const struct misuse_case *what)
{
    uint64_t id = what->rule + 1;

    id = id * 31 + (uintptr_t)(what->where.stack ? (const void *)what->where.stack : what->where.pc);
    id *= UINT64_C(0x9e3779b97f4a7c15);
    return (id ^ (uintptr_t)what->other_where.stack) | 1;
}

static void tell_threads(const struct misuse_case *what, bool hangs)
{
    struct thread *thread = thread_by_id(what->thread);

    if (hangs && thread)
        finding_thread(thread, true, &what->other_thread, what->other_thread != 0);
    else
        finding_thread_at(what->thread, what->where);
    if (what->other_thread && what->other_thread != what->thread)
        finding_thread_at(what->other_thread, what->other_where);
}

void misuse_report(const struct misuse_case *what)
{
    const struct rule *rule = &rules[what->rule];
    struct thread *thread = rule->hangs ? thread_by_id(what->thread) : NULL;
    struct finding_head head = {.name = rule->name,
                                .severity = what->harmless ? SEVERITY_NOTE : rule->severity,
                                .confidence = what->rule == MISUSE_RECURSIVE_READ_LOCK ||
                                                      what->rule == MISUSE_WAIT_UNDER_LOCK
                                                  ? CONFIDENCE_POSSIBLE
                                                  : CONFIDENCE_CERTAIN,
                                .lesson = rule->lesson,
                                .identity = identity(what)};
    char text[256];

    if (what->harmless && !report_options.all)
        return;
    if (finding_begin(&head)) {
        finding_message("%s", expand(text, sizeof text, rule->message, what));
        tell_threads(what, rule->hangs);
        if (rule->other && (what->other_where.stack || what->other_where.pc))
            finding_place(what->other_thread, what->other_where, false, "%s",
                          expand(text, sizeof text, rule->other, what));
        finding_place(what->thread, what->where, true, "%s",
                      expand(text, sizeof text, rule->here, what));
        finding_help("%s", rule->help);
        finding_end();
    }
    if (!rule->hangs)
        return;
    if (thread) { /* the watcher need not tell it again */
        thread->reported = thread->wait_sequence;
        thread->reported_sure = true;
    }
    report_deadlock_action();
}

struct thread *misuse_holder(const void *object, struct held_lock *copy)
{
    for (uint32_t i = 0; i < thread_table_size(); i++) {
        struct thread *thread = thread_at(i);
        struct held_lock *lock;

        if (thread->state == THREAD_FREE || thread->state == THREAD_STARTING)
            continue;
        lock = held_find(&thread->held, object);
        if (lock) {
            *copy = *lock;
            return thread;
        }
    }
    return NULL;
}
