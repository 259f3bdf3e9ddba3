/* SPDX-License-Identifier: MIT */
/*
 * doctor_look.c - what the doctor's looks are made of: answers, settings, trials
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detector/cli/base/tool.h"
#include "detector/cli/doctor/doctor_look.h"

struct answer healthy(const char *text)
{
    return (struct answer){HEALTH_OK, text, NULL};
}

struct answer note(const char *text, const char *remedy)
{
    return (struct answer){HEALTH_NOTE, text, remedy};
}

struct answer problem(const char *text, const char *remedy)
{
    return (struct answer){HEALTH_PROBLEM, text, remedy};
}

const char *first_line(struct doctor *d, const char *path)
{
    FILE *file = fopen(path, "re");
    char line[1024];
    const char *found = NULL;

    while (file != NULL && found == NULL && fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (line[strspn(line, " \t=")] != '\0')
            found = pool_copy(d->pool, line);
    }
    if (file != NULL)
        fclose(file);
    return found;
}

long setting(struct doctor *d, const char *path, long missing)
{
    const char *line = first_line(d, pool_printf(d->pool, "%s%s", d->root, path));

    return line == NULL ? missing : strtol(line, NULL, 10);
}

const char *own_file(struct doctor *d, const char *name)
{
    return pool_printf(d->pool, "%s/%s", d->folder, name);
}

int try_tool(struct doctor *d, int seconds, const char *const *argv)
{
    struct tool tool = {
        .argv = argv, .out = own_file(d, "out"), .err = own_file(d, "err"), .seconds = seconds};

    return tool_run(&tool);
}
