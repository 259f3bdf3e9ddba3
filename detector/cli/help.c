/* SPDX-License-Identifier: MIT */
/*
 * help.c - `gridlock help` and `--help`: the overview, and a page for each subcommand
 */
#include "detector/cli/help.h"

#include <stdio.h>
#include <string.h>

#include "detector/cli/base/out.h"
#include "detector/cli/base/status.h"
#include "detector/cli/finding/suppress.h"
#include "detector/cli/help_pages.h"
#include "detector/cli/help_plain.h"
#include "detector/cli/render/render.h"

enum { COMMAND_COLUMN = 52, OPTION_COLUMN = 28 };

const char version_text[] = "gridlock " GRIDLOCK_VERSION "\n";

/* ---------------------------------------------------------------- the overview */

static const char overview_end[] =
    "\n"
    "gridlock help COMMAND, or gridlock COMMAND --help, tells the options of each; man gridlock\n"
    "tells more. Compile the program with -g, so that gridlock can name its lines and its locks.\n"
    "\n"
    "Exit status of run: the program's own if nothing was found; 66 if there was an error or a\n"
    "warning.\n";

static int show_overview(struct out *out)
{
    out_text(out, PLAIN, "gridlock - why do these threads stop?\n\n");
    for (const struct help_page *p = help_pages; p->name != NULL; p++) {
        out_text(out, PLAIN, "  gridlock ");
        out_text(out, BOLD, p->name);
        out_printf(out, PLAIN, " %s", p->arguments);
        out_tab(out, COMMAND_COLUMN, 1);
        out_printf(out, PLAIN, "%s\n", p->summary);
    }
    out_text(out, PLAIN, "  gridlock --version\n");
    out_text(out, PLAIN, overview_end);
    return STATUS_OK;
}

/* ---------------------------------------------------------------- a page */

static void show_paragraph(struct out *out, const char *text)
{
    out_text(out, PLAIN, "\n");
    out_wrapped(out, PLAIN, 0, text);
    out_text(out, PLAIN, "\n");
}

static void show_option(struct out *out, struct pool *pool, const struct help_option *o)
{
    const char *value = o->value;

    out_text(out, PLAIN, "  ");
    if (o->letter != 0)
        out_printf(out, PLAIN, "-%c, ", o->letter);
    out_tab(out, 6, 0);
    out_printf(out, BOLD, "--%s", o->name);
    if (value != NULL)
        out_printf(out, PLAIN, "=%s", strcmp(value, "FORMAT") == 0 ? renderer_choice(pool) : value);
    if (out->column > OPTION_COLUMN - 2)
        out_text(out, PLAIN, "\n");
    out_tab(out, OPTION_COLUMN, 0);
    out_wrapped(out, PLAIN, OPTION_COLUMN, o->text);
    out_text(out, PLAIN, "\n");
}

static int show_page(struct out *out, const struct help_page *p)
{
    struct pool pool = {NULL};

    out_text(out, PLAIN, "Usage: gridlock ");
    out_text(out, BOLD, p->name);
    out_printf(out, PLAIN, " %s\n", p->arguments);
    show_paragraph(out, p->text);
    if (p->more != NULL)
        show_paragraph(out, p->more);
    out_text(out, CYAN, "\nOptions:\n");
    for (const struct help_option *o = help_options; o->name != NULL; o++)
        if (o->pages & p->page)
            show_option(out, &pool, o);
    out_text(out, CYAN, "\nExit status:\n");
    out_text(out, PLAIN, p->statuses);
    pool_free(&pool);
    return STATUS_OK;
}

/* ---------------------------------------------------------------- which one? */

/* Is the next word its value? Not of --name=value, nor of -ovalue. */
static bool takes_next(const char *word)
{
    bool is_long = strncmp(word, "--", 2) == 0;

    for (const struct help_option *o = help_options; o->name != NULL; o++) {
        const char letter[] = {'-', o->letter, '\0'};

        if (o->value != NULL && (is_long ? strcmp(word + 2, o->name) == 0
                                         : o->letter != 0 && strcmp(word, letter) == 0))
            return true;
    }
    return false;
}

bool help_wanted(int argc, char **argv)
{
    for (int i = 1; i < argc && argv[i][0] == '-' && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
        if (takes_next(argv[i]))
            i++;
    }
    return false;
}

int help_show(const char *name)
{
    struct out out = out_open(stdout, COLOR_AUTO);

    if (name == NULL || name[0] == '-')
        return show_overview(&out);
    for (const struct help_page *p = help_pages; p->name != NULL; p++)
        if (strcmp(p->name, name) == 0)
            return show_page(&out, p);
    if (strcmp(name, "suppressions") != 0) {
        fprintf(stderr, "gridlock: no help for `%s`; see gridlock help\n", name);
        return STATUS_USAGE;
    }
    out_text(&out, PLAIN, suppressions_help);
    return STATUS_OK;
}

int help_main(int argc, char **argv)
{
    bool plain = argc > 1 && strcmp(argv[1], "--plain") == 0;

    if (argc > (plain ? 3 : 2)) {
        fprintf(stderr, "gridlock: help takes one COMMAND; see gridlock help\n");
        return STATUS_USAGE;
    }
    return plain ? help_plain(argv[2]) : help_show(argv[1]);
}
