/* SPDX-License-Identifier: MIT */
/*
 * explain.c - `gridlock explain NAME`: what a finding means and how to mend it
 */
#include "detector/cli/explain.h"

#include <stdio.h>
#include <string.h>

#include "detector/cli/base/out.h"
#include "detector/cli/base/status.h"
#include "detector/cli/finding/catalogue.h"

static void print_paragraph(struct out *out, const char *text)
{
    out_wrapped(out, PLAIN, 0, text);
    out_text(out, PLAIN, "\n\n");
}

static void print_example(struct out *out, const char *example)
{
    while (*example != '\0') {
        size_t length = strcspn(example, "\n");

        if (length > 0)
            out_printf(out, GREEN, "    %.*s", (int)length, example);
        out_text(out, PLAIN, "\n");
        example += length + (example[length] == '\n');
    }
    out_text(out, PLAIN, "\n");
}

static void print_entry(const struct entry *e)
{
    struct out out = out_open(stdout, COLOR_AUTO);

    out_printf(&out, BOLD, "%s: ", e->name);
    out_wrapped(&out, PLAIN, 4, e->summary);
    out_text(&out, PLAIN, "\n\n");
    print_paragraph(&out, e->idea);
    out_text(&out, CYAN, "Example\n\n");
    print_example(&out, e->example);
    out_text(&out, CYAN, "How to mend it\n\n");
    print_paragraph(&out, e->fix);
    if (e->lesson != NULL) {
        out_text(&out, CYAN, "Lesson");
        out_printf(&out, PLAIN, "      broken/%s.c and fixed/%s.c\n", e->lesson, e->lesson);
    }
    if (e->refs != NULL) {
        out_text(&out, CYAN, "References");
        out_printf(&out, PLAIN, "  %s\n", e->refs);
    }
}

static void print_list(void)
{
    size_t count;
    const struct chapter *chapters = catalogue(&count);
    struct out out = out_open(stdout, COLOR_AUTO);

    for (size_t i = 0; i < count; i++) {
        out_printf(&out, CYAN, "%s%s\n", i == 0 ? "" : "\n", chapters[i].title);
        for (size_t k = 0; k < chapters[i].count; k++) {
            out_printf(&out, BOLD, "  %s", chapters[i].entries[k].name);
            out_tab(&out, 26, 1);
            out_printf(&out, PLAIN, "%s\n", chapters[i].entries[k].summary);
        }
    }
}

int explain_main(int argc, char **argv)
{
    const struct entry *e;

    if (argc != 2) {
        fprintf(stderr, "gridlock: explain needs a NAME or --list\n");
        return STATUS_USAGE;
    }
    if (strcmp(argv[1], "--list") == 0) {
        print_list();
        return STATUS_OK;
    }
    e = catalogue_find(argv[1]);
    if (e == NULL) {
        fprintf(stderr, "gridlock: no finding is called `%s`; did you mean %s? (explain --list)\n",
                argv[1], catalogue_nearest(argv[1]));
        return STATUS_USAGE;
    }
    print_entry(e);
    return STATUS_OK;
}
