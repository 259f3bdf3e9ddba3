/* SPDX-License-Identifier: MIT */
/*
 * help_plain.c - `gridlock help --plain`: what there is, for completions and other programs
 *
 * A line each, cut by tabs, the description last:
 *
 *     commands, findings, lessons    NAME             DESCRIPTION
 *     processes                      PID              DESCRIPTION
 *     a command: its options         --NAME[,-LETTER] VALUE        DESCRIPTION
 *
 * VALUE is - for an option that takes none, a|b for a choice, else what it stands for. (No field is
 * empty: a shell's `read` would skip it.)
 */
#include "detector/cli/help_plain.h"

#include <stdio.h>
#include <string.h>

#include "detector/cli/base/status.h"
#include "detector/cli/base/tool.h"
#include "detector/cli/finding/catalogue.h"
#include "detector/cli/help_pages.h"
#include "detector/cli/lesson/lesson.h"
#include "detector/cli/process_list.h"
#include "detector/cli/render/render.h"

static int list_commands(void)
{
    for (const struct help_page *p = help_pages; p->name != NULL; p++)
        printf("%s\t%s\n", p->name, p->summary);
    return STATUS_OK;
}

static int list_findings(void)
{
    size_t count;
    const struct chapter *chapters = catalogue(&count);

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < chapters[i].count; k++)
            printf("%s\t%s\n", chapters[i].entries[k].name, chapters[i].entries[k].summary);
    return STATUS_OK;
}

static int list_lessons(void)
{
    struct pool pool = {NULL};
    struct lessons lessons;
    bool found = lessons_find(&pool, &lessons);

    for (size_t i = 0; found && i < lessons.count; i++) {
        const char *text = file_text(&pool, lessons.list[i].broken);

        printf("%s\t%s\n", lessons.list[i].name, text == NULL ? "" : lesson_title(&pool, text));
    }
    pool_free(&pool);
    return found ? STATUS_OK : STATUS_COMMAND_FAILED;
}

static void print_option(struct pool *pool, const struct help_option *o)
{
    const char *value = o->value == NULL ? "-" : o->value;

    printf("--%s", o->name);
    if (o->letter != 0)
        printf(",-%c", o->letter);
    printf("\t%s\t%s\n", strcmp(value, "FORMAT") == 0 ? renderer_choice(pool) : value, o->text);
}

static int list_options(enum help_for page)
{
    struct pool pool = {NULL};

    for (const struct help_option *o = help_options; o->name != NULL; o++)
        if (o->pages & page)
            print_option(&pool, o);
    pool_free(&pool);
    return STATUS_OK;
}

int help_plain(const char *subject)
{
    if (subject == NULL || strcmp(subject, "commands") == 0)
        return list_commands();
    if (strcmp(subject, "findings") == 0)
        return list_findings();
    if (strcmp(subject, "lessons") == 0)
        return list_lessons();
    if (strcmp(subject, "processes") == 0)
        return process_list();
    for (const struct help_page *p = help_pages; p->name != NULL; p++)
        if (strcmp(p->name, subject) == 0)
            return list_options(p->page);
    fprintf(stderr,
            "gridlock: nothing to list for `%s`; there are commands, findings, lessons, processes "
            "and each command\n",
            subject);
    return STATUS_USAGE;
}
