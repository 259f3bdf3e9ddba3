/* SPDX-License-Identifier: MIT */
/*
 * excerpt.c - the source lines of a finding, with what happened there
 *
 *    30 |     pthread_mutex_lock(&from->lock);
 *       |     ------------------------------- teller-2 took accounts[1].lock here and kept it
 *    31 |     pthread_mutex_lock(&to->lock);
 *       |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ then asked for accounts[0].lock
 *
 * 1. Marks come sorted by file and line (mark.c). Each line is printed once, its marks below it.
 * 2. Up to MARK_GAP lines between two marked ones are printed too; more become `...`.
 * 3. A label that has no room behind its carets goes below them.
 * 4. A source that is newer than the program is told of: its lines may have moved.
 */
#include "detector/cli/render/text/excerpt.h"

#include <string.h>

#include "detector/cli/base/path.h"
#include "detector/cli/names/wording.h"
#include "detector/cli/render/mark.h"

static int digits(int number)
{
    int count = 1;

    for (; number >= 10; number /= 10)
        count++;
    return count;
}

static int gutter_of(const struct mark_list *list)
{
    int widest = 2;

    for (size_t i = 0; i < list->count; i++)
        if (list->marks[i].source != NULL && digits(list->marks[i].frame->line) > widest)
            widest = digits(list->marks[i].frame->line);
    return widest + 3;
}

static void print_gutter(struct out *out, int gutter, int line)
{
    if (line > 0) {
        out_tab(out, gutter - digits(line), 0);
        out_printf(out, BLUE, "%d", line);
    }
    out_tab(out, gutter, 0);
    out_text(out, BLUE, " |");
}

static void print_source(struct out *out, struct finding *f, int gutter, int line,
                         const char *source)
{
    print_gutter(out, gutter, line);
    if (source[0] != '\0') {
        out_text(out, PLAIN, " ");
        out_text(out, PLAIN, text_fit(&f->pool, source, OUT_WIDTH - gutter - 3));
    }
    out_text(out, PLAIN, "\n");
}

static void print_carets(struct out *out, int gutter, const struct mark *m, enum style style)
{
    int start = gutter + 3 + m->start, end = gutter + 3 + m->end;

    print_gutter(out, gutter, 0);
    if (start > OUT_WIDTH - 4)
        start = OUT_WIDTH - 4;
    if (end > OUT_WIDTH)
        end = OUT_WIDTH;
    out_tab(out, start, 1);
    do
        out_text(out, style, m->primary ? "^" : "-");
    while (out->column < end);
}

static int left_most(int column, int gutter)
{
    return column > gutter + 3 ? column : gutter + 3;
}

/* Behind the carets, or on a row of its own where there is no room. */
static void print_label(struct out *out, int gutter, const struct mark *m, enum style style)
{
    int width = text_width(m->label), start = gutter + 3 + m->start;

    if (out->column + 1 + width > OUT_WIDTH) {
        out_text(out, PLAIN, "\n");
        print_gutter(out, gutter, 0);
        if (start + width > OUT_WIDTH)
            start = left_most(OUT_WIDTH - width, gutter);
        out_tab(out, start, 0);
    } else if (width > 0) {
        out_text(out, PLAIN, " ");
    }
    out_wrapped(out, style, start, m->label);
    out_text(out, PLAIN, "\n");
}

static bool same_span(const struct mark *a, const struct mark *b)
{
    return a->file_rank == b->file_rank && a->frame->line == b->frame->line && a->start == b->start;
}

static void print_mark(struct out *out, int gutter, const struct mark *m, bool again,
                       enum style style)
{
    if (!again) {
        print_carets(out, gutter, m, style);
    } else {
        /* The carets are there already: another label, under the first one if there is room. */
        int behind = gutter + 3 + m->end,
            below = left_most(OUT_WIDTH - text_width(m->label), gutter);

        if (below > gutter + 3 + m->start)
            below = gutter + 3 + m->start;

        print_gutter(out, gutter, 0);
        out_tab(out, behind + 1 + text_width(m->label) <= OUT_WIDTH ? behind : below - 1, 0);
    }
    print_label(out, gutter, m, style);
}

static void print_between(struct out *out, struct finding *f, int gutter, const struct mark *from,
                          const struct mark *to)
{
    int gap = to->frame->line - from->frame->line - 1;

    if (gap > MARK_GAP) {
        out_tab(out, gutter - 2, 0);
        out_text(out, BLUE, "...\n");
        return;
    }
    for (int line = from->frame->line + 1; line < to->frame->line; line++) {
        const char *source = mark_source(&f->pool, to->frame->file, line);

        if (source != NULL)
            print_source(out, f, gutter, line, source);
    }
}

static void print_file_head(struct out *out, int gutter, const struct mark *m)
{
    out_text(out, PLAIN, "\n");
    out_tab(out, gutter - 2, 0);
    out_text(out, BLUE, "::: ");
    out_printf(out, PLAIN, "%s:%d", path_short(m->frame->file), m->frame->line);
    if (m->frame->function != NULL)
        out_printf(out, PLAIN, ", in %s()", m->frame->function);
    out_text(out, PLAIN, "\n\n");
}

static void print_without_source(struct out *out, struct finding *f, const struct mark *m)
{
    const char *place = word_place(f, m->frame);

    if (m->label[0] == '\0')
        return;
    out_text(out, PLAIN, "   ");
    if (place[0] != '\0') {
        out_text(out, PLAIN, place);
        if (m->frame->file != NULL && m->frame->function != NULL)
            out_printf(out, PLAIN, ", in %s()", m->frame->function);
        out_text(out, PLAIN, ": ");
    }
    out_wrapped(out, PLAIN, 6, m->label);
    out_text(out, PLAIN, "\n");
}

static void warn_if_newer(struct out *out, const struct mark_list *list)
{
    const struct mark *m = marks_newer_source(list);

    if (m != NULL)
        out_printf(out, YELLOW,
                   "  %s is newer than %s: build it again, or these lines may be wrong\n",
                   path_base(m->frame->file), path_base(m->frame->module));
}

void excerpt_print(struct out *out, struct finding *f, enum style emphasis)
{
    struct mark_list list = marks_of(f);
    int gutter = gutter_of(&list);
    const struct mark *previous = NULL;

    for (size_t i = 0; i < list.count; i++) {
        const struct mark *m = &list.marks[i];
        bool new_file = previous == NULL || previous->file_rank != m->file_rank;
        bool again = !new_file && m->source != NULL && same_span(previous, m);

        if (m->source == NULL) {
            print_without_source(out, f, m);
            continue;
        }
        if (new_file && previous != NULL)
            print_file_head(out, gutter, m);
        else if (!new_file && m->frame->line != previous->frame->line)
            print_between(out, f, gutter, previous, m);
        if (new_file || m->frame->line != previous->frame->line)
            print_source(out, f, gutter, m->frame->line, m->source);
        print_mark(out, gutter, m, again, m->primary ? emphasis : BLUE);
        previous = m;
    }
    warn_if_newer(out, &list);
    if (list.count > 0)
        out_text(out, PLAIN, "\n");
}
