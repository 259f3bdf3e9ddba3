/* SPDX-License-Identifier: MIT */
/*
 * What did this call do that no call may do? One table of rules with the sentences that tell
 * them; who notices the case is the interposer (a mutex's own memory knows its owner) or the
 * functions below (held-lock sets know the rest).
 */
#include "detector/core/misuse.h"

#include "detector/core/event.h"
#include "detector/core/probe.h"

#include <signal.h>
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
                                    "{T} locked it here, and nothing unlocked it", NULL,
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
                                 "waits here with {P}", "{U} waits here with another mutex",
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
                                  "{T} ended but was neither joined nor detached",
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

/* Replaces {T}, {U}, {O} and {P} by what finding.h understands. */
static const char *expand(char *text, size_t size, const char *pattern,
                          const struct misuse_case *what)
{
    size_t length = 0;

    while (*pattern && length + 24 < size) {
        char letter = pattern[0] == '{' && pattern[1] && pattern[2] == '}' ? pattern[1] : 0;

        if (letter == 'T' || letter == 'U')
            length += (size_t)snprintf(text + length, size - length, "{thread:%u}",
                                       letter == 'T' ? what->thread : what->other_thread);
        else if (letter == 'O')
            length += (size_t)snprintf(text + length, size - length, "{object:%u}",
                                       finding_object(what->object, what->kind));
        else if (letter == 'P')
            length += (size_t)snprintf(text + length, size - length, "{object:%u}",
                                       finding_object(what->other_object, what->other_kind));
        else
            text[length++] = *pattern;
        pattern += letter ? 3 : 1;
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

/* --- locks whose memory or thread goes away --- */

static struct thread *freeing; /* the detector's lock guards it */
static struct misuse_case freed;

/* Requires: the detector's lock. */
static void look_at_freed(struct object *object)
{
    struct held_lock lock;
    struct thread *holder;

    if (freed.object || object->kind > OBJECT_SPIN)
        return;
    holder = misuse_holder((const void *)object->address, &lock);
    if (holder && holder != freeing && holder->state == THREAD_ALIVE)
        freed = (struct misuse_case){.rule = MISUSE_FREE_LOCKED,
                                     .object = (const void *)object->address,
                                     .kind = object->kind,
                                     .thread = freeing ? freeing->id : 0,
                                     .other_thread = holder->id,
                                     .other_where = {lock.stack, lock.pc}};
}

static void free_own(struct thread *thread, const struct held_lock *lock, struct site site)
{
    struct misuse_case what = {.rule = MISUSE_FREE_LOCKED,
                               .object = lock->object,
                               .kind = object_kind_of_lock(lock->kind),
                               .where = {stack_capture(site), site.pc},
                               .thread = thread->id,
                               .other_thread = thread->id,
                               .other_where = {lock->stack, lock->pc}};

    misuse_report(&what);
}

void misuse_own_memory_gone(struct thread *thread, uintptr_t low, size_t size, struct site site)
{
    for (uint32_t i = thread->held.count; i-- > 0;) {
        struct held_lock *lock = held_at(&thread->held, i);

        if (lock->object && (uintptr_t)lock->object - low < size && lock->kind != LOCK_SEMAPHORE) {
            free_own(thread, lock, site);
            lock->depth = 1;
            event_released(thread, lock->object);
        }
    }
}

void misuse_memory_gone(struct thread *thread, uintptr_t low, size_t size, struct site site)
{
    struct detector_guard guard;
    struct misuse_case what;

    if (!object_maybe_in(low, size))
        return;
    guard = detector_enter(thread);
    freeing = thread;
    freed = (struct misuse_case){.object = NULL};
    object_visit(low, size, look_at_freed);
    what = freed;
    detector_leave(guard);
    if (!what.object)
        return;
    what.where = (struct where){stack_capture(site), site.pc};
    misuse_report(&what);
}

static struct thread *waiter_of(const void *address, struct where *where)
{
    for (uint32_t i = 0; i < thread_table_size(); i++) {
        struct thread *thread = thread_at(i);

        if (thread->state == THREAD_ALIVE && thread->wait_sequence % 2 &&
            thread->wait.object == address) {
            *where = (struct where){thread->wait.stack, thread->wait.pc};
            return thread;
        }
    }
    return NULL;
}

/* Waiters that were woken and are only on their way out do not count: POSIX allows that. */
static bool in_use(const struct object *object)
{
    struct probe_semaphore state;

    switch (object->kind) {
    case OBJECT_COND:
        return object->service && object->service->waiters > object->service->credit;
    case OBJECT_SEMAPHORE:
        state = probe_semaphore((const void *)object->address);
        return state.known && !state.value;
    default:
        return object->service && object->service->waiters;
    }
}

bool misuse_object_ends(struct thread *thread, const void *address, enum object_kind kind,
                        struct site site)
{
    struct object *object = object_find(address);
    struct misuse_case what = {.rule = MISUSE_DESTROY_IN_USE,
                               .object = address,
                               .kind = kind,
                               .thread = thread->id};
    struct thread *waiter;

    if (!object || object->kind != kind || !in_use(object))
        return false;
    waiter = waiter_of(address, &what.other_where);
    if (!waiter)
        return false;
    what.other_thread = waiter->id;
    what.where = (struct where){stack_capture(site), site.pc};
    misuse_report(&what);
    return true;
}

/* Another thread may have unlocked it, or its memory is gone. */
static bool holds_really(const struct thread *thread, const struct held_lock *lock)
{
    struct probe_mutex state;

    if (!lock->object || !probe_readable(lock->object))
        return false;
    if (lock->kind == LOCK_SPIN)
        return !probe_spin_free(lock->object);
    if (lock->kind == LOCK_RWLOCK)
        return probe_rwlock(lock->object).writer || probe_rwlock(lock->object).readers;
    state = probe_mutex(lock->object);
    return !state.known || (state.locked && state.owner == thread->tid);
}

/* A detached thread may end with a lock on purpose, so that nobody gets past it while the process
 * goes down (HotSpot's VM thread does). Whoever then waits for it is told, as a deadlock. */
void misuse_thread_end(struct thread *thread)
{
    for (uint32_t i = thread->held.count; i-- > 0;) {
        const struct held_lock *lock = held_at(&thread->held, i);
        struct misuse_case what = {
            .rule = thread->cancelled && !thread->returned ? MISUSE_CANCEL_HOLDING_LOCK : MISUSE_EXIT_HOLDING_LOCK,
            .object = lock->object,
            .kind = object_kind_of_lock(lock->kind),
            .where = {lock->stack, lock->pc},
            .thread = thread->id,
            .harmless = thread->detached && !thread->cancelled};

        if (lock->kind != LOCK_SEMAPHORE && !lock->robust && holds_really(thread, lock))
            misuse_report(&what);
    }
}

void misuse_lock_in_handler(struct thread *thread, const struct held_lock *lock,
                            const struct object *object)
{
    uint64_t blocked = 0;
    struct misuse_case what = {.rule = MISUSE_LOCK_IN_SIGNAL_HANDLER,
                               .object = lock->object,
                               .kind = object_kind_of_lock(lock->kind),
                               .where = {lock->stack, lock->pc},
                               .thread = thread->id,
                               .other_where = {object->seen_at, NULL}};

    /* Which signal the handler served is not known here: with any blocked, say nothing. */
    sys_call(SYS_rt_sigprocmask, SIG_BLOCK, 0, (long)&blocked, sizeof blocked, 0, 0);
    if (!blocked)
        misuse_report(&what);
}

void misuse_process_end(void)
{
    for (uint32_t i = 0; i < thread_table_size(); i++) {
        struct thread *thread = thread_at(i);
        struct misuse_case what = {.rule = MISUSE_THREAD_NOT_JOINED,
                                   .where = {thread->created_at, NULL},
                                   .thread = thread->id};

        if (thread->state == THREAD_EXITED && !thread->joined && !thread->detached &&
            thread->id != 1 && thread->created_by)
            misuse_report(&what);
    }
}
