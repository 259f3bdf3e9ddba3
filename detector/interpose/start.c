/* SPDX-License-Identifier: MIT */
/*
 * When does the library begin, and when does it end?
 *
 * 1. Begin: at its constructor, or at the first wrapped call before that (other libraries'
 *    constructors may run earlier). Real functions are looked up, options read, the findings
 *    area mapped, the calling thread made known as main.
 * 2. A thread's end is noticed by a thread-specific key, whose destructor asks to be called
 *    again until the last round: the program's own destructors come first.
 * 3. A fork takes all of the library's locks, so that the child finds whole structures.
 * 4. With follow=none only the first process is watched, also after an exec: GRIDLOCK_ROOT has its id.
 *    In every other one the library steps aside: each call goes straight through.
 * 5. End: at the library's destructor, after the program's own exit handlers.
 */
#include "detector/core/arena.h"
#include "detector/core/channel_misuse.h"
#include "detector/core/finding.h"
#include "detector/core/leaks.h"
#include "detector/core/misuse.h"
#include "detector/core/statistics.h"
#include "detector/core/stuck.h"
#include "detector/interpose/embedded.h"
#include "detector/interpose/layout.h"
#include "detector/interpose/self.h"
#include "detector/interpose/watcher.h"
#include "detector/report/area.h"
#include "detector/report/findings_area.h"
#include "detector/report/helper.h"
#include "detector/report/maps.h"
#include "detector/report/options.h"
#include "detector/report/process.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { NOT_STARTED, STARTING, STARTED };

static volatile int state;
static pthread_key_t end_key;
static __thread unsigned end_round __attribute__((tls_model("initial-exec")));
static struct detector_guard fork_guard;

extern char **environ;

void self_hide(void)
{
    thread_never = true;
}

static void at_thread_end(void *value)
{
    struct thread *thread = value;

    if (++end_round < PTHREAD_DESTRUCTOR_ITERATIONS) {
        pthread_setspecific(end_key, value);
        return;
    }
    if (thread != thread_own)
        return;
    thread_never = true;
    event_thread_end(thread);
    watcher_thread_ended();
}

void self_attach(struct thread *thread)
{
    pthread_setspecific(end_key, thread);
}

static struct thread *attach_unknown(void)
{
    struct thread *thread = event_thread_new(NULL, NULL, (struct site){NULL, NULL});

    if (!thread)
        return NULL;
    thread_hide(thread);
    thread->detached = thread->id != 1;
    event_thread_start(thread, sys_gettid(), (uintptr_t)pthread_self());
    self_attach(thread);
    thread_show(thread);
    return thread;
}

static void find_main_stack(struct thread *thread)
{
    struct rlimit limit;
    uintptr_t size = 8 << 20;

    if (!getrlimit(RLIMIT_STACK, &limit) && limit.rlim_cur < ((rlim_t)1 << 30))
        size = limit.rlim_cur;
    thread->stack_high = (uintptr_t)environ;
    thread->stack_low = thread->stack_high - size;
}

/* --- a process that is not followed --- */

static int own_id(void)
{
    return (int)sys_call(SYS_getpid, 0, 0, 0, 0, 0, 0);
}

static bool not_followed(void)
{
    const char *root = getenv("GRIDLOCK_ROOT");

    return report_options.follow_none && root && atoi(root) != own_id();
}

/* The command has told it; without the command the first process does. Not from start(), which may
 * run inside an allocator: setenv() allocates. */
static void tell_children(void)
{
    char id[16];

    if (state != STARTED || !report_options.follow_none || getenv("GRIDLOCK_ROOT"))
        return;
    snprintf(id, sizeof id, "%d", own_id());
    setenv("GRIDLOCK_ROOT", id, 0);
}

/* Nothing of this thread is watched any more, and no other one will be. */
static void step_aside(void)
{
    state = STARTING;
    thread_never = true;
    thread_own = thread_current = NULL;
    pthread_setspecific(end_key, NULL);
}

/* --- fork --- */

static void before_fork(void)
{
    struct thread *thread = thread_own;

    if (thread)
        thread_hide(thread);
    fork_guard = detector_enter(NULL);
    finding_lock();
    process_before_fork();
    thread_table_lock();
    stack_lock();
    arena_lock();
}

static void after_fork(void)
{
    struct thread *thread = thread_own;

    thread_table_unlock();
    finding_unlock();
    detector_leave(fork_guard);
    if (thread)
        thread_show(thread);
}

static void after_fork_in_parent(void)
{
    arena_unlock();
    stack_unlock();
    if (!report_options.follow_none)
        process_after_fork(false);
    after_fork();
}

/* The table is set right under its lock, with the arena at hand again. */
static void after_fork_in_child(void)
{
    arena_unlock();
    stack_unlock();
    thread_after_fork(thread_own, sys_gettid());
    object_after_fork();
    watcher_after_fork();
    if (!report_options.follow_none) {
        if (area_is_own())
            area_open(NULL);
        process_after_fork(true);
    }
    after_fork();
    if (report_options.follow_none)
        step_aside();
}

/* --- start and end --- */

static void start(void)
{
    struct thread *thread;

    real_resolve();
    if (embedded_elsewhere())
        return; /* never STARTED: every call goes straight through */
    options_read();
    if (not_followed())
        return; /* the same */
    layout_check();
    maps_remember();
    area_open(getenv("GRIDLOCK_FINDINGS"));
    area_sign(LAYOUT_TRIED | (mutex_layout_known ? LAYOUT_MUTEX : 0) |
              (rwlock_layout_known ? LAYOUT_RWLOCK : 0));
    process_started(getenv("GRIDLOCK_FINDINGS"));
    helper_prepare();
    pthread_key_create(&end_key, at_thread_end);
    pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
    stack_capture(CALL_SITE()); /* the unwinder's first use calls pthread_once(): now, unwatched */
    stuck_wake_watcher = watcher_wake;
    thread = attach_unknown();
    if (thread)
        find_main_stack(thread);
    __atomic_store_n(&state, STARTED, __ATOMIC_RELEASE);
}

struct thread *self_slow(void)
{
    int now = __atomic_load_n(&state, __ATOMIC_ACQUIRE);
    int not_started = NOT_STARTED;

    if (thread_never || thread_own || now == STARTING)
        return NULL;
    if (now == NOT_STARTED) {
        if (!__atomic_compare_exchange_n(&state, &not_started, STARTING, 0, __ATOMIC_ACQUIRE,
                                         __ATOMIC_RELAXED))
            return NULL;
        start();
        return thread_current;
    }
    return attach_unknown();
}

__attribute__((constructor(101))) static void begin(void)
{
    self();
    tell_children();
}

__attribute__((destructor(101))) static void end(void)
{
    struct thread *thread = thread_own;

    if (state != STARTED)
        return;
    if (thread)
        thread_hide(thread);
    watcher_last_look();
    misuse_contexts_left(thread);
    leaks_report(thread);
    misuse_process_end();
    statistics_report();
    if (area_is_own() && finding_any(SEVERITY_WARNING) && report_options.exitcode) {
        fflush(NULL);
        sys_call(SYS_exit_group, report_options.exitcode, 0, 0, 0, 0, 0);
    }
}
