/* SPDX-License-Identifier: MIT */
/*
 * check.c - is this lesson mended, or only its symptom?
 *
 * A fix is accepted if
 * 1. no sleep was added and no tool switched off (check_source.c);
 * 2. it compiles without a warning, with gcc -O0 and clang -O2 (check_build.c);
 * 3. every run under gridlock is silent, ends with status 0 and prints what the lesson demands
 *    (check_run.c);
 * 4. it still does the work, in as many threads as the solution (check_work.c);
 * 5. every run under ThreadSanitizer is silent too.
 * The first that fails is told in one line. What is no fault of the fix (no compiler, a lesson whose
 * own solution does not run here) is told on stderr and is no verdict: status 125.
 */
#include "detector/cli/lesson/check.h"

#include <errno.h>
#include <ftw.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "detector/cli/base/busy.h"
#include "detector/cli/base/library.h"
#include "detector/cli/base/status.h"
#include "detector/cli/base/tool.h"
#include "detector/cli/lesson/practice_progress.h"

enum { REFERENCE_RUNS = 2, STATUS_REFUSED = 1 };

static const char *said(struct check *c, const char *format, va_list arguments)
{
    char *text = NULL;
    const char *copy = "";

    if (vasprintf(&text, format, arguments) >= 0)
        copy = pool_copy(c->pool, text);
    free(text);
    return copy;
}

bool check_refuse(struct check *c, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    c->reason = said(c, format, arguments);
    va_end(arguments);
    busy_end();
    out_text(&c->out, RED, "refused: ");
    out_printf(&c->out, PLAIN, "%s\n", c->reason);
    return false;
}

bool check_break_off(struct check *c, const char *format, ...)
{
    va_list arguments;

    c->broke_off = true;
    va_start(arguments, format);
    c->reason = said(c, format, arguments);
    va_end(arguments);
    busy_end();
    fprintf(stderr, "gridlock: %s\n", c->reason);
    return false;
}

/* ---------------------------------------------------------------- what it needs */

static bool find_compilers(struct check *c)
{
    const char *gcc = getenv("CC"), *clang = getenv("CLANG");

    c->gcc = gcc != NULL && *gcc != '\0' ? gcc : "gcc";
    if (!tool_exists(c->pool, c->gcc))
        return check_break_off(c, "no compiler: %s is not there (CC names another)", c->gcc);
    c->clang = clang != NULL && *clang != '\0' ? clang : "clang";
    if (!tool_exists(c->pool, c->clang)) {
        out_printf(&c->out, YELLOW,
                   "there is no clang (CLANG names another): neither its -O2 nor "
                   "ThreadSanitizer is asked\n");
        c->clang = NULL;
    }
    c->gcov = "gcov";
    if (!tool_exists(c->pool, c->gcov)) {
        out_printf(&c->out, YELLOW,
                   "there is no gcov: whether each function is still called is "
                   "not counted\n");
        c->gcov = NULL;
    }
    return true;
}

static bool find_texts(struct check *c, const char *file)
{
    char *real = realpath(file, NULL);
    const char *library = library_find(c->pool);

    c->file = real == NULL ? file : pool_copy(c->pool, real);
    free(real);
    c->yours = file_text(c->pool, c->file);
    c->broken = file_text(c->pool, c->lesson->broken);
    c->fixed = file_text(c->pool, c->lesson->fixed);
    if (c->yours == NULL)
        return check_break_off(c, "cannot read %s", file);
    if (c->broken == NULL || c->fixed == NULL)
        return check_break_off(c, "the lesson %s has lost a file", c->lesson->name);
    if (library == NULL)
        return !(c->broke_off = true);
    c->library = dirname(pool_copy(c->pool, library));
    c->output = lesson_expect(c->pool, c->fixed, "output");
    return true;
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *where)
{
    (void)about;
    (void)type;
    (void)where;
    return remove(path);
}

/* ---------------------------------------------------------------- the steps */

/* What the solution does: the measure. */
static bool measure_solution(struct check *c, struct work *solution)
{
    if (!check_build(c, BUILD_GCC, c->lesson->fixed, "solution"))
        return check_break_off(c, "the lesson's own solution does not compile here");
    for (int run = 1; run <= REFERENCE_RUNS; run++) {
        struct work work = {.threads = -1};

        if (!check_gridlock(c, BUILD_GCC, "solution", run, &work))
            return check_break_off(c, "the lesson's own solution does not pass here");
        check_count_work(c, "solution", c->lesson->fixed, &work);
        if (run == 1)
            *solution = work;
        else
            check_least_work(solution, &work);
    }
    return true;
}

static bool judge_work(struct check *c)
{
    struct work yours = {.threads = -1}, solution;

    if (!check_gridlock(c, BUILD_GCC, "yours", 1, &yours))
        return false;
    check_count_work(c, "yours", c->file, &yours);
    return measure_solution(c, &solution) && check_same_work(c, &yours, &solution);
}

static bool judge_runs(struct check *c)
{
    for (int build = BUILD_GCC; build <= BUILD_CLANG; build++)
        for (int run = 1; run <= c->runs && (build == BUILD_GCC || c->clang != NULL); run++)
            if (!check_gridlock(c, (enum build)build, "yours", run, NULL))
                return false;
    for (int run = 1; run <= c->runs && c->clang != NULL; run++)
        if (!check_tsan(c, run))
            return false;
    return true;
}

static bool judge(struct check *c)
{
    for (int build = 0; build < BUILDS; build++)
        if ((build == BUILD_GCC || c->clang != NULL) &&
            !check_build(c, (enum build)build, c->file, "yours"))
            return false;
    return judge_work(c) && judge_runs(c);
}

/* ---------------------------------------------------------------- the verdict */

static void accept(struct check *c)
{
    struct progress progress;
    const char *folder = dirname(pool_copy(c->pool, c->file));

    out_text(&c->out, GREEN, "accepted: ");
    out_printf(&c->out, PLAIN, "%s, silent in %d runs under gridlock", c->lesson->name,
               c->runs * (c->clang == NULL ? 1 : 2));
    if (c->clang != NULL)
        out_printf(&c->out, PLAIN, " and %d under ThreadSanitizer", c->runs);
    out_text(&c->out, PLAIN, "\n");
    progress_read(&progress, c->pool, folder);
    if (!progress_exists(&progress))
        return;
    progress_begin(&progress, c->lesson->name)->solved = true;
    progress_write(&progress);
    out_printf(&c->out, PLAIN,
               "  the solution  %s practice --diff\n"
               "  go on         %s practice --next\n",
               program_invocation_name, program_invocation_name);
}

int check_file(struct check *c, const char *file)
{
    bool good = find_compilers(c) && find_texts(c, file);

    if (good)
        good = check_source(c);
    if (good && !workspace_make(c->pool, &c->workspace)) {
        good = false;
        c->broke_off = true;
    }
    if (good)
        good = judge(c);
    busy_end();
    if (c->workspace.folder != NULL)
        nftw(c->workspace.folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    if (good)
        accept(c);
    return good ? STATUS_OK : c->broke_off ? STATUS_COMMAND_FAILED : STATUS_REFUSED;
}
