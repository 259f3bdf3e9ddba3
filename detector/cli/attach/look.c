/* SPDX-License-Identifier: MIT */
/*
 * look.c - one look at a process: what does each of its threads wait for?
 *
 * 1. Who sleeps on a futex waits for an object (decode.c), or, with a time limit, for the time too.
 * 2. Who is in another system call, or runs, goes on by itself.
 * 3. A wait that no thread ends may still be ended from outside: a signal handler may post a
 *    semaphore. So ask the kernel whether there is one; a core does not tell.
 */
#include "detector/cli/attach/look.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "detector/cli/attach/decode.h"
#include "detector/cli/attach/system_call.h"

static struct waiting nothing(size_t caller)
{
    return (struct waiting){.end = ENDS_BY_ITSELF, .owner = NO_THREAD, .caller = caller};
}

/* Spinning is no system call: the lock is the argument that pthread_spin_lock() was called with. */
static void look_at_running(const struct image_thread *thread, struct primitive_site site,
                            struct waiting *w)
{
    if (site.what != SPIN_LOCK || site.frame != 0)
        return;
    w->operation = "spin-lock";
    w->kind = "spin";
    w->object = thread->exact ? thread->arguments[0] : 0;
    w->caller = site.caller;
    w->detail = "not recorded; it spins";
}

/* The detector's own thread, of a program that it is in: no function of the program's is on its stack. */
static bool is_watcher(const struct image_thread *thread)
{
    bool watches = thread->name != NULL && strcmp(thread->name, "gridlock") == 0;

    for (size_t i = 0; i < thread->frame_count; i++) {
        const struct image_frame *frame = &thread->frames[i];
        bool named = frame->function != NULL && strcmp(frame->function, "watch") == 0;

        if (named && watches)
            return true;
        if (!is_library_frame(frame))
            return false;
        watches = watches || named;
    }
    return watches;
}

static struct waiting look_at_thread(struct look *look, size_t i)
{
    const struct image_thread *thread = &look->image->threads[i];
    struct asleep asleep = {.look = look, .thread = i, .site = primitive_of(thread)};
    struct waiting w = nothing(asleep.site.caller);

    if (strchr("ZX", thread->state) != NULL) {
        w.end = HAS_ENDED;
    } else if (is_watcher(thread)) {
        w.end = HAS_ENDED;
        w.ours = true;
        w.operation = "system-call";
        w.detail = "watch for deadlocks";
    } else if (futex_of(look->image, thread, &asleep.futex)) {
        w.timed = asleep.futex.timed;
        w.word = asleep.futex.word;
        decode_futex(&asleep, &w);
        if (thread->state == 'R') /* it was woken, and only waits for a processor */
            w.end = ENDS_BY_ITSELF;
        if (thread->state == 't' &&
            w.end == ENDS_BY_ANYBODY) /* perhaps woken; its debugger knows */
            w.end = ENDS_BY_ITSELF;
    } else if (thread->call >= 0) {
        w.operation = "system-call";
        w.detail = word_system_call(&look->pool, look->image, thread, &w.timed);
    } else {
        w.caller = 0;
        look_at_running(thread, asleep.site, &w);
    }
    return w;
}

/* Signals that tell of a fault, or that glibc uses itself, wake nobody. */
static bool can_wake(int signal)
{
    static const int others[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS, 32, 33};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (signal == others[i])
            return false;
    return true;
}

static const char *word_signal(struct pool *pool, int signal)
{
    static const struct {
        int number;
        const char *name;
    } names[] = {{SIGHUP, "SIGHUP"},    {SIGINT, "SIGINT"},       {SIGQUIT, "SIGQUIT"},
                 {SIGUSR1, "SIGUSR1"},  {SIGUSR2, "SIGUSR2"},     {SIGPIPE, "SIGPIPE"},
                 {SIGALRM, "SIGALRM"},  {SIGTERM, "SIGTERM"},     {SIGCHLD, "SIGCHLD"},
                 {SIGCONT, "SIGCONT"},  {SIGTSTP, "SIGTSTP"},     {SIGTTIN, "SIGTTIN"},
                 {SIGTTOU, "SIGTTOU"},  {SIGVTALRM, "SIGVTALRM"}, {SIGPROF, "SIGPROF"},
                 {SIGWINCH, "SIGWINCH"}};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (names[i].number == signal)
            return names[i].name;
    return pool_printf(pool, "signal %d", signal);
}

/* `SIGINT, SIGTERM`; NULL if there is no handler that could wake anybody. */
static const char *word_handlers(struct pool *pool, uint64_t caught)
{
    const char *text = NULL;

    for (int signal = 1; signal <= 64; signal++)
        if ((caught >> (signal - 1) & 1) && can_wake(signal))
            text = text == NULL ? word_signal(pool, signal)
                                : pool_printf(pool, "%s, %s", text, word_signal(pool, signal));
    return text;
}

static void look_outside(struct look *look)
{
    char line[256];
    uint64_t caught;
    FILE *status = look->image->live
                       ? fopen(pool_printf(&look->pool, "/proc/%d/status", look->image->alive),
                               "re")
                       : NULL;

    look->outside = true;
    while (status != NULL && fgets(line, sizeof(line), status) != NULL) {
        (void)sscanf(line, "PPid: %d", &look->parent);
        if (sscanf(line, "SigCgt: %" SCNx64, &caught) != 1)
            continue;
        look->outsider = word_handlers(&look->pool, caught);
        look->outside = look->outsider != NULL;
    }
    if (status != NULL)
        fclose(status);
}

void look_at(struct look *look, const struct image *image)
{
    *look = (struct look){.image = image};
    look_outside(look);
    look->waits = pool_array(&look->pool, image->thread_count, sizeof(*look->waits));
    for (size_t i = 0; i < image->thread_count; i++)
        look->waits[i] = nothing(0);
    for (size_t i = 0; i < image->thread_count; i++)
        look->waits[i] = look_at_thread(look, i);
}

void look_free(struct look *look)
{
    pool_free(&look->pool);
}

static bool same_call(const struct image_thread *a, const struct image_thread *b)
{
    return a->tid == b->tid && a->call == b->call &&
           memcmp(a->arguments, b->arguments, sizeof(a->arguments)) == 0 &&
           a->switches == b->switches;
}

/* The owner of thread i in `first` is the one that `second` tells. */
static bool same_owner(const struct look *first, const struct look *second, const struct waiting *a,
                       const struct waiting *b)
{
    if (a->owner_state != b->owner_state || a->owner_tid != b->owner_tid)
        return false;
    return a->owner_state != OWNER_KNOWN ||
           first->image->threads[a->owner].tid == second->image->threads[b->owner].tid;
}

bool look_agrees(const struct look *first, const struct look *second, size_t i)
{
    const struct image_thread *now = &second->image->threads[i];
    const struct waiting *b = &second->waits[i];

    for (size_t k = 0; k < first->image->thread_count; k++) {
        const struct waiting *a = &first->waits[k];

        if (first->image->threads[k].tid == now->tid)
            return same_call(&first->image->threads[k], now) && a->end == b->end &&
                   a->object == b->object && a->word == b->word && same_owner(first, second, a, b);
    }
    return false;
}
