/* SPDX-License-Identifier: MIT */
/*
 * What is a goroutine made of? A detached thread with a small stack. Nothing else in the runtime
 * knows: they only see its parker (park.h).
 */
#include "include/gridlock/go.h"

#include "runtime/go.h"
#include "runtime/os_thread.h"
#include "runtime/panic.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { STACK_BYTES = 256 * 1024 };

struct start {
    void (*fn)(void *);
    void *arg;
    const char *name; /* may be NULL */
    const void *shown;
    const struct stack *created_at;
};

static volatile size_t alive = 1; /* main */

static void one_less(void *unused)
{
    (void)unused;
    __atomic_fetch_sub(&alive, 1, __ATOMIC_RELAXED);
}

static void *run(void *argument)
{
    struct start start = *(struct start *)argument;

    free(argument);
    pthread_cleanup_push(one_less, NULL); /* also when fn calls pthread_exit() */
    event_goroutine(start.shown, start.name, start.created_at);
    free((char *)start.name);
    start.fn(start.arg);
    pthread_cleanup_pop(true);
    return NULL;
}

/* As Go says it. */
static _Noreturn void no_thread(int error)
{
    char text[160];
    int length = snprintf(
        text, sizeof text,
        "runtime: failed to create new OS thread (have %zu already; errno=%d)\n%s", go_count(),
        error,
        error == EAGAIN ? "runtime: may need to increase max user processes "
                          "(ulimit -u)\n"
                        : "");
    ssize_t written = write(STDERR_FILENO, text, (size_t)length);

    (void)written;
    panic_fatal("newosproc");
}

void go_at(const char *name, void (*fn)(void *), void *arg, const void *shown, struct site site)
{
    struct start *start = malloc(sizeof *start);
    int error;

    if (!start)
        panic_fatal("runtime: out of memory");
    *start = (struct start){fn, arg, name ? strdup(name) : NULL, shown, event_go(site)};
    __atomic_fetch_add(&alive, 1, __ATOMIC_RELAXED);
    error = os_thread_start(run, start, STACK_BYTES);
    if (error)
        no_thread(error);
}

void go(void (*fn)(void *), void *arg)
{
    go_at(NULL, fn, arg, (const void *)fn, CALL_SITE());
}

void go_named(const char *name, void (*fn)(void *), void *arg)
{
    go_at(name, fn, arg, (const void *)fn, CALL_SITE());
}

size_t go_count(void)
{
    return __atomic_load_n(&alive, __ATOMIC_RELAXED);
}
