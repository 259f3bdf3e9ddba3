/* SPDX-License-Identifier: MIT */
/*
 * Does each point hold?
 *
 *     semantics [-l] [NUMBER...]      all tests, or those of these points; -l lists them
 *
 * 1. Each test runs in a process of its own: this program again, with --row and the test's place.
 * 2. It must end as its row says (semantics.h), within TIMEOUT_S, or SEMANTICS_PATIENCE in the
 *    environment.
 * 3. A sanitizer's report, or a finding of the detector where there must be none, fails the test.
 *
 * The last line is "N passed, N failed, N skipped"; what is skipped is named. DETECTOR=1 means that
 * the detector is linked in.
 */
#include "semantics.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef DETECTOR
#define DETECTOR 0
#endif

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define TSAN 1
#endif
#endif
#ifndef TSAN
#define TSAN 0
#endif

enum { TIMEOUT_S = 20, FOUND = 66, RACED = 65 };

static const struct section *const sections[] = {
    &chan_basics, &chan_values, &chan_closing, &selects,      &select_load, &contention,
    &goroutines,  &waitgroups,  &contexts,     &context_rest, &timers,      &memory_model,
};

enum { SECTIONS = sizeof sections / sizeof sections[0] };

static const struct test *test_at(size_t row)
{
    for (size_t i = 0; i < SECTIONS; row -= sections[i++]->count)
        if (row < sections[i]->count)
            return &sections[i]->tests[row];
    return NULL;
}

/* --- 1: the process of a test --- */

struct result {
    int status; /* as of waitpid() */
    bool late;
    char said[16384]; /* the beginning of its stderr */
};

/* What the detector needs to know: that what stays blocked is meant to. */
static void set_options(const struct test *test)
{
    if (test->ending == LEAVES)
        setenv("GRIDLOCK_OPTIONS", "exitcode=0", 1);
    else
        unsetenv("GRIDLOCK_OPTIONS");
    setenv("TSAN_OPTIONS", "exitcode=65:atexit_sleep_ms=20", 1);
}

static _Noreturn void become(const struct test *test, size_t row, int output)
{
    const char *command = getenv("GRIDLOCK") ? getenv("GRIDLOCK") : "build/gridlock";
    char self[512], number[16];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);

    self[length < 0 ? 0 : length] = 0;
    snprintf(number, sizeof number, "%zu", row);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* nothing is left over if this program is killed */
    dup2(open("/dev/null", O_RDWR), STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    set_options(test);
    if (test->ending == WAITS_IN)
        execl(command, command, "run", "--format=json", self, "--row", number, (char *)NULL);
    else
        execl(self, self, "--row", number, (char *)NULL);
    fprintf(stderr, "cannot run it: %s\n", strerror(errno));
    _exit(127);
}

static int64_t deadline(void)
{
    const char *patience = getenv("SEMANTICS_PATIENCE");

    return now_ns() + (patience ? atoi(patience) : TIMEOUT_S) * SECOND;
}

/* Reads until everybody has closed the pipe, or time is over. */
static void read_all(int input, int64_t end, char *text, size_t size)
{
    char rest[4096];
    size_t used = 0;
    ssize_t n = 1;

    while (n > 0) {
        struct pollfd ready = {.fd = input, .events = POLLIN};
        int left = (int)((end - now_ns()) / 1000000);

        if (left <= 0 || poll(&ready, 1, left) == 0)
            break;
        if (used + 1 < size) {
            n = read(input, text + used, size - 1 - used);
            used += n > 0 ? (size_t)n : 0;
        } else {
            n = read(input, rest, sizeof rest);
        }
    }
    text[used] = 0;
}

/* A child may close its stderr long before it ends, if it ever does. */
static bool await_end(pid_t child, int64_t end, int *status)
{
    while (waitpid(child, status, WNOHANG) == 0) {
        if (now_ns() > end) {
            kill(-child, SIGKILL);
            waitpid(child, status, 0);
            return false;
        }
        usleep(200);
    }
    return true;
}

static void run_child(const struct test *test, size_t row, struct result *result)
{
    int64_t end = deadline();
    int ends[2];
    pid_t child;

    if (pipe2(ends, O_CLOEXEC) || (child = fork()) < 0) {
        perror("semantics");
        exit(2);
    }
    if (child == 0)
        become(test, row, ends[1]);
    close(ends[1]);
    read_all(ends[0], end, result->said, sizeof result->said);
    close(ends[0]);
    result->late = !await_end(child, end, &result->status);
}

/* --- 2 and 3: did it end as it must? --- */

static bool exited(const struct result *result, int status)
{
    return WIFEXITED(result->status) && WEXITSTATUS(result->status) == status;
}

static bool aborted(const struct result *result)
{
    return WIFSIGNALED(result->status) && WTERMSIG(result->status) == SIGABRT;
}

static bool sanitizer_spoke(const char *said)
{
    return strstr(said, "WARNING: ThreadSanitizer") || strstr(said, "ERROR: AddressSanitizer") ||
           strstr(said, "ERROR: LeakSanitizer") || strstr(said, "runtime error:");
}

/* The text is Go's to the letter, and nothing but the detector says more. Of several goroutines
 * that panic at the same time each says it. */
static bool panicked(const struct result *result, const char *text)
{
    char line[256];
    size_t length = (size_t)snprintf(line, sizeof line, "panic: %s\n", text);
    const char *said = result->said;

    if (strncmp(said, line, length) != 0)
        return false;
    while (strncmp(said, line, length) == 0)
        said += length;
    return (aborted(result) && *said == 0) ||
           (DETECTOR && (aborted(result) || exited(result, FOUND)));
}

static bool waited_in(const struct result *result, const char *operation)
{
    char key[64];

    snprintf(key, sizeof key, "\"waits\":{\"operation\":\"%s\"", operation);
    return exited(result, FOUND) && strstr(result->said, key);
}

static bool as_expected(const struct test *test, const struct result *result)
{
    if (result->late || (test->ending != RACES && sanitizer_spoke(result->said)))
        return false;
    switch (test->ending) {
    case RETURNS:
        return exited(result, 0) && !*result->said;
    case LEAVES:
        return exited(result, 0) && (DETECTOR || !*result->said);
    case PANICS:
        return panicked(result, test->text);
    case FINDS:
        return exited(result, FOUND) && strstr(result->said, test->text);
    case WAITS_IN:
        return waited_in(result, test->text);
    case RACES:
        return exited(result, RACED) && strstr(result->said, "WARNING: ThreadSanitizer: data race");
    }
    return false;
}

static const char *why_skipped(const struct test *test)
{
    if ((test->ending == FINDS || test->ending == WAITS_IN) && !DETECTOR)
        return "there is no detector in it";
    if (test->ending == RACES && !TSAN)
        return "it is not built with ThreadSanitizer";
    return NULL;
}

static void explain(const struct test *test, const struct result *result)
{
    printf("FAIL %s: %s\n", test->number, test->sentence);
    if (result->late)
        printf("    it did not end in time\n");
    else if (WIFSIGNALED(result->status))
        printf("    it died of signal %d\n", WTERMSIG(result->status));
    else
        printf("    its status was %d\n", WEXITSTATUS(result->status));
    if (test->text)
        printf("    expected: %s\n", test->text);
    if (*result->said)
        printf("    it said:\n%s\n", result->said);
    fflush(stdout);
}

/* --- all of them --- */

static bool wanted(const struct test *test, char **numbers)
{
    for (char **number = numbers; *number; number++)
        if (strcmp(*number, test->number) == 0)
            return true;
    return !*numbers;
}

static int run_tests(char **numbers, bool only_list)
{
    static struct result result;
    const struct test *test;
    int passed = 0, failed = 0, skipped = 0;

    for (size_t row = 0; (test = test_at(row)); row++) {
        const char *reason = why_skipped(test);
        int64_t begin = now_ns();

        if (!wanted(test, numbers))
            continue;
        if (only_list) {
            printf("%-4s %s\n", test->number, test->sentence);
        } else if (reason) {
            printf("SKIP %s: %s (%s)\n", test->number, test->sentence, reason);
            skipped++;
        } else {
            run_child(test, row, &result);
            if (as_expected(test, &result))
                passed++;
            else
                failed++, explain(test, &result);
        }
        if (getenv("SEMANTICS_TIMES") && !only_list)
            printf("%5d ms  %s: %s\n", (int)((now_ns() - begin) / 1000000), test->number,
                   test->sentence);
    }
    if (!only_list)
        printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
    return failed || (!only_list && passed + skipped == 0);
}

int main(int argc, char **argv)
{
    bool only_list = argc > 1 && strcmp(argv[1], "-l") == 0;

    if (argc == 3 && strcmp(argv[1], "--row") == 0) {
        test_at((size_t)atoi(argv[2]))->run();
        return 0;
    }
    return run_tests(argv + 1 + only_list, only_list);
}
