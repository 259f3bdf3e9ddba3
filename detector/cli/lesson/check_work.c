/* SPDX-License-Identifier: MIT */
/*
 * check_work.c - is the work still done, and by as many?
 *
 * A program whose threads are gone has no races, and one that prints the expected line by hand has
 * no deadlock. So what the solution does is the measure, the least of a few runs:
 * 1. at least as many threads are started;
 * 2. every function that the broken program has too is called, at least half as often;
 * 3. at least a quarter as many lines run.
 * Half and a quarter leave room for other ways to write it. 2 and 3 are counted by gcov.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "detector/cli/base/path.h"
#include "detector/cli/base/tool.h"
#include "detector/cli/lesson/check.h"

enum { GCOV_SECONDS = 20, LEAST_CALLS = 2, LEAST_LINES = 4 };

static void read_functions(struct check *c, const json_t *list, struct work *work)
{
    size_t i;
    json_t *function;

    work->called = pool_array(c->pool, json_array_size(list) + 1, sizeof(*work->called));
    json_array_foreach(list, i, function) work->called[work->count++] = (struct called){
        pool_copy(c->pool, json_string_value(json_object_get(function, "name"))),
        (long)json_integer_value(json_object_get(function, "execution_count"))};
}

static void read_file(struct check *c, const json_t *file, struct work *work)
{
    size_t i;
    json_t *line;

    read_functions(c, json_object_get(file, "functions"), work);
    json_array_foreach(json_object_get(file, "lines"), i, line)
        work->lines += (long)json_integer_value(json_object_get(line, "count"));
}

void check_count_work(struct check *c, const char *folder, const char *source, struct work *work)
{
    const char *where = pool_printf(c->pool, "%s/%s", c->workspace.folder, folder);
    const char *base = path_base(source);
    const char *notes = pool_printf(c->pool, "gcc-O0-%.*s.gcda", (int)strlen(base) - 2, base);
    const char *out = pool_printf(c->pool, "%s/work", where);
    const char *argv[] = {c->gcov, "--json-format", "--stdout", notes, NULL};
    json_t *report, *file;
    size_t i;

    if (c->gcov == NULL ||
        tool_run(&(struct tool){
            .argv = argv, .folder = where, .out = out, .seconds = GCOV_SECONDS}) != 0)
        return;
    remove(pool_printf(c->pool, "%s/%s", where, notes));
    report = json_load_file(out, 0, NULL);
    json_array_foreach(json_object_get(report, "files"), i,
                       file) if (strcmp(path_base(json_string_value(json_object_get(file, "file"))),
                                        base) == 0) read_file(c, file, work);
    json_decref(report);
}

static long times(const struct work *work, const char *function)
{
    for (size_t i = 0; i < work->count; i++)
        if (strcmp(work->called[i].function, function) == 0)
            return work->called[i].times;
    return 0;
}

static long lesser(long a, long b)
{
    return a < b ? a : b;
}

void check_least_work(struct work *least, const struct work *other)
{
    least->threads = lesser(least->threads, other->threads);
    least->lines = lesser(least->lines, other->lines);
    for (size_t i = 0; i < least->count; i++)
        least->called[i].times = lesser(least->called[i].times,
                                        times(other, least->called[i].function));
}

static bool same_calls(struct check *c, const struct work *yours, const struct work *solution)
{
    for (size_t i = 0; i < solution->count; i++) {
        const struct called *called = &solution->called[i];
        long own = times(yours, called->function);

        if (strstr(c->broken, pool_printf(c->pool, "%s(", called->function)) == NULL)
            continue;
        if (own == 0 && called->times > 0)
            return check_refuse(c, "%s() does not run any more: it is a part of the work",
                                called->function);
        if (own * LEAST_CALLS < called->times)
            return check_refuse(c,
                                "%s() runs %ld time%s, in the solution %ld: the work is to "
                                "be the same",
                                called->function, own, own == 1 ? "" : "s", called->times);
    }
    return true;
}

bool check_same_work(struct check *c, const struct work *yours, const struct work *solution)
{
    if (yours->threads < solution->threads)
        return check_refuse(c,
                            "%ld thread%s started, in the solution %ld: without them there is "
                            "nothing to mend",
                            yours->threads, yours->threads == 1 ? " is" : "s are",
                            solution->threads);
    if (yours->count == 0 || solution->count == 0)
        return true; /* not counted */
    if (!same_calls(c, yours, solution))
        return false;
    if (yours->lines * LEAST_LINES < solution->lines)
        return check_refuse(c, "most of the work is gone: %ld lines run, in the solution %ld",
                            yours->lines, solution->lines);
    return true;
}
