/* SPDX-License-Identifier: MIT */
/*
 * What can a test see of a goroutine? That it finished, which it says itself; and that it sleeps,
 * which the kernel says (/proc/self/task/TID/stat): a state other than R, and no change of it.
 */
#include "semantics.h"

#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
    PATIENCE_S = 15, /* until something that must happen counts as missing */
    BLOCKED_MS = 20, /* how long somebody who must not go on is watched */
};

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

/* --- checks --- */

static _Noreturn void fail(const char *file, int line, const char *text)
{
    char all[512];
    int length = snprintf(all, sizeof all, "%s:%d: %s\n", file, line, text);
    ssize_t written = write(STDERR_FILENO, all, (size_t)length);

    (void)written;
    abort();
}

void check(bool condition, const char *text, const char *file, int line)
{
    if (!condition)
        fail(file, line, text);
}

void check_int(long long actual, long long expected, const char *text, const char *file, int line)
{
    char all[256];

    if (actual == expected)
        return;
    snprintf(all, sizeof all, "%s is %lld, not %lld", text, actual, expected);
    fail(file, line, all);
}

/* --- time and numbers --- */

int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

int rounds(int n)
{
#ifdef SANITIZED
    return n / 10 > 1 ? n / 10 : 1;
#else
    return n;
#endif
}

uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

static int64_t deadline(void)
{
    return now_ns() + PATIENCE_S * INT64_C(1000000000);
}

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* --- flags --- */

void flag_set(int *flag, int value)
{
    __atomic_store_n(flag, value, __ATOMIC_RELAXED);
}

int flag_get(const int *flag)
{
    return __atomic_load_n(flag, __ATOMIC_RELAXED);
}

void flag_await(const int *flag, int value)
{
    for (int64_t end = deadline(); flag_get(flag) != value; sched_yield())
        if (now_ns() > end)
            fail(__FILE__, __LINE__, "a flag was never set");
}

/* --- tasks --- */

static void task_run(void *argument)
{
    struct task *task = argument;

    __atomic_store_n(&task->tid, (int)syscall(SYS_gettid), __ATOMIC_RELAXED);
    task->fn(task->arg);
    __atomic_store_n(&task->finished, true, __ATOMIC_RELEASE);
}

void task_start(struct task *task, void (*fn)(void *), void *arg)
{
    *task = (struct task){.fn = fn, .arg = arg};
    go(task_run, task);
}

bool task_finished(const struct task *task)
{
    return __atomic_load_n(&task->finished, __ATOMIC_ACQUIRE);
}

void task_join(struct task *task)
{
    for (int64_t end = deadline(); !task_finished(task); sleep_ms(0))
        if (now_ns() > end)
            fail(__FILE__, __LINE__, "a goroutine that must go on does not");
}

/* "Sleeps" and how often it has gone to sleep so far; 0 if it does not sleep. */
static long sleeps(int tid)
{
    char path[64], line[128], state = '?';
    long times = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/self/task/%d/status", tid);
    file = fopen(path, "r");
    if (!file)
        return 0;
    while (fgets(line, sizeof line, file)) {
        sscanf(line, "State: %c", &state);
        sscanf(line, "voluntary_ctxt_switches: %ld", &times);
    }
    fclose(file);
    return state == 'S' ? times + 1 : 0;
}

/* Asleep, and not for a moment only, as on a lock inside a library. */
void task_await_asleep(const struct task *task)
{
    int64_t end = deadline();
    long before = 0, now;

    for (int same = 0; same < 3; before = now) {
        int tid = __atomic_load_n(&task->tid, __ATOMIC_RELAXED);

        now = tid ? sleeps(tid) : 0;
        same = now && now == before ? same + 1 : 0;
        if (task_finished(task))
            fail(__FILE__, __LINE__, "a goroutine that must wait does not");
        if (now_ns() > end)
            fail(__FILE__, __LINE__, "a goroutine that must wait does not sleep");
        sleep_ms(now ? 1 : 0);
    }
}

void task_check_blocked(const struct task *task)
{
    for (int64_t end = now_ns() + BLOCKED_MS * INT64_C(1000000); now_ns() < end; sleep_ms(1))
        if (task_finished(task))
            fail(__FILE__, __LINE__, "a goroutine that must block went on");
    task_await_asleep(task);
}

void task_start_asleep(struct task *task, void (*fn)(void *), void *arg)
{
    task_start(task, fn, arg);
    task_await_asleep(task);
}
