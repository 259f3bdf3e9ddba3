/* SPDX-License-Identifier: MIT */
/*
 * check_run.c - one run of a program under a tool, and what is wrong with it
 *
 * Under gridlock the command runs itself, `gridlock run --format=json`; the note `statistics` in its
 * findings says how many threads were started, and that the program came to its end.
 */
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "detector/cli/base/busy.h"
#include "detector/cli/base/path.h"
#include "detector/cli/base/status.h"
#include "detector/cli/base/tool.h"
#include "detector/cli/lesson/check.h"

enum { RUN_SECONDS = 20 };

struct outcome {
    int status;
    const char *name, *message, *file; /* of the first finding; NULL: none */
    int line;
    long threads; /* -1: no statistics */
};

static void read_finding(struct check *c, struct outcome *o, const char *line, size_t length)
{
    json_t *json = json_loadb(line, length, 0, NULL);
    const char *name = json_string_value(json_object_get(json, "name"));
    const char *message = json_string_value(json_object_get(json, "message"));
    const char *severity = json_string_value(json_object_get(json, "severity"));
    const char *file = json_string_value(json_object_get(json, "file"));

    if (name != NULL && message != NULL && strcmp(name, "statistics") == 0)
        o->threads = strtol(message, NULL, 10);
    else if (name != NULL && message != NULL && severity != NULL && o->name == NULL &&
             strcmp(severity, "note") != 0) {
        o->name = pool_copy(c->pool, name);
        o->message = pool_copy(c->pool, message);
        o->file = file == NULL ? NULL : pool_copy(c->pool, path_base(file));
        o->line = (int)json_integer_value(json_object_get(json, "line"));
    }
    json_decref(json);
}

static void read_findings(struct check *c, struct outcome *o, const char *path)
{
    const char *text = file_text(c->pool, path);

    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, "\n");

        read_finding(c, o, text, length);
        text += length + (text[length] == '\n');
    }
}

/* The line of the expected output that is missing, in this order; NULL: all are there. */
static const char *missing_line(struct check *c, const char *out)
{
    const char *text = file_text(c->pool, out), *wanted = c->output;

    while (wanted != NULL && *wanted != '\0') {
        size_t length = strcspn(wanted, ";");
        const char *line = pool_copy_n(c->pool, wanted, length);

        while (text != NULL && *text != '\0' &&
               (strcspn(text, "\n") != length || strncmp(text, line, length) != 0)) {
            text += strcspn(text, "\n");
            text += *text == '\n';
        }
        if (text == NULL || *text == '\0')
            return line;
        text += length;
        text += *text == '\n';
        wanted += length;
        wanted += strspn(wanted, "; ");
    }
    return NULL;
}

/* An end that is wrong whatever was printed. */
static bool ended_well(struct check *c, int status, const char *when)
{
    if (status == TOOL_TIMEOUT)
        return check_refuse(c, "it does not end, %s", when);
    if (status > STATUS_SIGNAL_BASE)
        return check_refuse(c, "signal %d (%s) ends it, %s", status - STATUS_SIGNAL_BASE,
                            strsignal(status - STATUS_SIGNAL_BASE), when);
    if (status != 0)
        return check_refuse(c, "it ends with status %d, %s", status, when);
    return true;
}

static bool printed_well(struct check *c, const char *out, const char *when)
{
    const char *missing = missing_line(c, out);

    if (missing == NULL)
        return true;
    return check_refuse(c, "it has to print \"%s\" and does not, %s", missing, when);
}

static const char *own_path(struct check *c)
{
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

    return pool_copy_n(c->pool, length > 0 ? path : "gridlock", length > 0 ? (size_t)length : 8);
}

bool check_gridlock(struct check *c, enum build build, const char *folder, int run,
                    struct work *work)
{
    const char *where = pool_printf(c->pool, "%s/%s", c->workspace.folder, folder);
    const char *found = pool_printf(c->pool, "%s/findings", where);
    const char *out = pool_printf(c->pool, "%s/out", where);
    const char *output = pool_printf(c->pool, "--output=%s", found);
    const char *program = check_program(c, build, folder);
    const char *argv[] = {own_path(c), "run", "--format=json", output, "--", program, NULL};
    const char *when = pool_printf(c->pool, "run %d of %d under gridlock (%s)", run, c->runs,
                                   check_build_names[build]);
    struct outcome o = {.threads = -1};

    busy("%s: %s ...", folder, when);
    unlink(found);
    unlink(pool_printf(c->pool, "%s/gcc-O0-%s.gcda", where, path_base(c->file)));
    o.status = tool_run(&(struct tool){.argv = argv,
                                       .folder = where,
                                       .out = out,
                                       .variable = "GRIDLOCK_OPTIONS=statistics=1",
                                       .seconds = RUN_SECONDS});
    read_findings(c, &o, found);
    if (o.status >= STATUS_COMMAND_FAILED && o.status <= STATUS_NOT_FOUND && o.threads < 0)
        return check_break_off(c, "the program cannot be run under gridlock: status %d", o.status);
    if (o.name != NULL)
        return check_refuse(c, "gridlock reports %s: %s (%s:%d), %s", o.name, o.message,
                            o.file == NULL ? "?" : o.file, o.line, when);
    if (!ended_well(c, o.status, when) || !printed_well(c, out, when))
        return false;
    if (o.threads < 0)
        return check_refuse(c,
                            "it leaves by a back door (_exit, quick_exit), before anybody can "
                            "look what is left behind, %s",
                            when);
    if (work != NULL)
        work->threads = o.threads;
    return true;
}

/* "data race NAME.c:12:5 in count", from the summary of the first report. */
static const char *tsan_summary(struct check *c, const char *err)
{
    static const char mark[] = "SUMMARY: ThreadSanitizer: ";
    const char *text = file_text(c->pool, err), *at = text == NULL ? NULL : strstr(text, mark);
    const char *slash, *path;

    if (at == NULL)
        return NULL;
    at = pool_copy_n(c->pool, at + strlen(mark), strcspn(at + strlen(mark), "\n"));
    if (strstr(at, " (BuildId") != NULL) /* no line is known: a function of the C library */
        at = pool_printf(c->pool, "%.*s%s", (int)strcspn(at, "("), at,
                         strstr(at, " in ") == NULL ? "" : strstr(at, " in ") + 1);
    path = strchr(at, '/');
    slash = strrchr(at, '/');
    return path == NULL ? at : pool_printf(c->pool, "%.*s%s", (int)(path - at), at, slash + 1);
}

bool check_tsan(struct check *c, int run)
{
    const char *where = pool_printf(c->pool, "%s/yours", c->workspace.folder);
    const char *out = pool_printf(c->pool, "%s/out", where);
    const char *err = pool_printf(c->pool, "%s/err", where);
    const char *argv[] = {check_program(c, BUILD_TSAN, "yours"), NULL};
    const char *when = pool_printf(c->pool, "run %d of %d", run, c->runs), *summary;
    int status;

    busy("yours: %s under ThreadSanitizer ...", when);
    status = tool_run(&(struct tool){.argv = argv,
                                     .folder = where,
                                     .out = out,
                                     .err = err,
                                     .variable = "TSAN_OPTIONS=atexit_sleep_ms=50",
                                     .seconds = RUN_SECONDS,
                                     .fixed_addresses = true});

    summary = tsan_summary(c, err);
    if (summary != NULL)
        return check_refuse(c, "ThreadSanitizer reports a %s, %s", summary, when);
    when = pool_printf(c->pool, "%s under ThreadSanitizer", when);
    return ended_well(c, status, when) && printed_well(c, out, when);
}
