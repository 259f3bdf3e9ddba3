/* SPDX-License-Identifier: MIT */
/*
 * check_build.c - builds a learner's program, or the solution, as the lessons are built
 *
 * gcc's program counts how often each line runs (--coverage), if there is a gcov to read that.
 * Programs that include gridlock.h are linked with the library; for ThreadSanitizer with the one made for it.
 */
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "detector/cli/base/busy.h"
#include "detector/cli/base/tool.h"
#include "detector/cli/lesson/check.h"

enum { COMPILE_SECONDS = 60, WORDS = 32 };

const char *const check_build_names[BUILDS] = {"gcc-O0", "clang-O2", "tsan"};

struct words {
    const char *argv[WORDS];
    size_t count;
};

static void add(struct words *w, const char *word)
{
    if (w->count + 1 < WORDS)
        w->argv[w->count++] = word;
}

const char *check_program(struct check *c, enum build build, const char *folder)
{
    return pool_printf(c->pool, "%s/%s/%s", c->workspace.folder, folder, check_build_names[build]);
}

static void add_kind(struct check *c, struct words *w, enum build build)
{
    add(w, build == BUILD_GCC ? c->gcc : c->clang);
    add(w, build == BUILD_CLANG ? "-O2" : "-O0");
    if (build == BUILD_TSAN)
        add(w, "-fsanitize=thread");
    if (build == BUILD_GCC && c->gcov != NULL) {
        add(w, "--coverage");
        add(w, "-fprofile-update=atomic");
    }
}

static void add_library(struct check *c, struct words *w, enum build build)
{
    if (build == BUILD_TSAN) {
        add(w, pool_printf(c->pool, "%s/libgridlock_tsan.a", c->library));
        return;
    }
    add(w, pool_printf(c->pool, "-L%s", c->library));
    add(w, pool_printf(c->pool, "-Wl,-rpath,%s", c->library));
    add(w, "-lgridlock");
}

/* The first line of what the compiler said that is about an error; a warning is one too here. */
static const char *first_error(struct check *c, const char *log)
{
    const char *text = file_text(c->pool, log), *at = text == NULL ? NULL : strstr(text, "error:");
    const char *line = at;

    if (at == NULL)
        return text == NULL ? "" : pool_copy_n(c->pool, text, strcspn(text, "\n"));
    while (line > text && line[-1] != '\n')
        line--;
    line = pool_copy_n(c->pool, line, strcspn(line, "\n"));
    at = strrchr(line, '/');
    return strncmp(line, "/", 1) == 0 && at != NULL ? at + 1 : line;
}

bool check_build(struct check *c, enum build build, const char *source, const char *folder)
{
    const char *where = pool_printf(c->pool, "%s/%s", c->workspace.folder, folder);
    const char *log = pool_printf(c->pool, "%s/log", where), *text = file_text(c->pool, source);
    struct words w = {.count = 0};
    int status;

    busy("compiling %s (%s) ...", folder, check_build_names[build]);
    if (mkdir(where, 0755) != 0 && errno != EEXIST)
        return check_break_off(c, "cannot make %s: %s", where, strerror(errno));
    add_kind(c, &w, build);
    add(&w, "-std=gnu11");
    add(&w, "-g");
    add(&w, "-pthread");
    add(&w, "-Wall");
    add(&w, "-Wextra");
    add(&w, "-Werror");
    add(&w, pool_printf(c->pool, "-I%s", c->lessons.include));
    add(&w, pool_printf(c->pool, "-I%s", dirname(pool_copy(c->pool, source))));
    add(&w, "-o");
    add(&w, check_build_names[build]);
    add(&w, source);
    if (text != NULL && strstr(text, "#include <gridlock.h>") != NULL)
        add_library(c, &w, build);
    status = tool_run(&(struct tool){
        .argv = w.argv, .folder = where, .out = log, .err = log, .seconds = COMPILE_SECONDS});
    if (status == 0)
        return true;
    return check_refuse(c, "it does not compile without warnings (%s): %s",
                        check_build_names[build], first_error(c, log));
}
