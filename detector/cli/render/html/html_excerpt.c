/* SPDX-License-Identifier: MIT */
/*
 * html_excerpt.c - source lines with their marks, as the text report has them
 *
 * 1. Marks come sorted by file and line (mark.c). Each file is a figure, each line stands there once.
 * 2. What is marked in a line is underlined, the main place more heavily; below the line, where its
 *    mark begins, stands what happened there. On a narrow screen that text begins at the left.
 * 3. Up to MARK_GAP lines between two marked ones are shown too; more become an ellipsis.
 * 4. Places without source are a list of their own behind all files.
 */
#include "detector/cli/render/html/html_excerpt.h"

#include <string.h>

#include "detector/cli/base/path.h"
#include "detector/cli/names/wording.h"
#include "detector/cli/render/html/html.h"

/* ---------------------------------------------------------------- one line */

/* 2: in the main mark, 1: in another one, 0: in none. */
static int weight_at(const struct mark *marks, size_t count, int column)
{
    int weight = 0;

    for (size_t i = 0; i < count; i++)
        if (column >= marks[i].start && column < marks[i].end && weight < 1 + marks[i].primary)
            weight = 1 + marks[i].primary;
    return weight;
}

/* Marks count columns as text_width() does: every byte that does not continue a character is one. */
static size_t next_column(const char *source, size_t at)
{
    do
        at++;
    while (((unsigned char)source[at] & 0xc0) == 0x80);
    return at;
}

static void put_span(FILE *page, struct finding *f, const char *text, size_t length, int weight)
{
    const char *span = pool_copy_n(&f->pool, text, length);

    if (weight == 0)
        html_text(page, span);
    else
        html_put(page, "<mark class=\"%s\">%s</mark>", weight == 2 ? "main" : "other", span);
}

void html_marked(FILE *page, struct finding *f, const char *source, const struct mark *marks,
                 size_t count)
{
    size_t start = 0, at = 0;
    int column = 0, weight = weight_at(marks, count, 0);

    while (source[at] != '\0') {
        int here = weight_at(marks, count, column);

        if (here != weight) {
            put_span(page, f, source + start, at - start, weight);
            start = at;
            weight = here;
        }
        at = next_column(source, at);
        column++;
    }
    put_span(page, f, source + start, at - start, weight);
}

static void put_line(FILE *page, struct finding *f, int number, const char *source,
                     const struct mark *marks, size_t count)
{
    html_put(page, "<div class=\"line%s\"><span class=\"number\">%d</span><code>",
             count > 0 ? " hit" : "", number);
    html_marked(page, f, source, marks, count);
    fputs("</code></div>\n", page);
}

/* The blanks carry the text to below its mark; a narrow screen leaves them out. */
static void put_label(FILE *page, const struct mark *m)
{
    if (m->label[0] == '\0')
        return;
    html_put(page,
             "<div class=\"label%s\"><span class=\"number\"></span>"
             "<span class=\"indent\" aria-hidden=\"true\">",
             m->primary ? " main" : "");
    for (int i = 0; i < m->start; i++)
        putc(' ', page);
    html_put(page, "</span><span class=\"says\">%s</span></div>\n", m->label);
}

/* ---------------------------------------------------------------- one file */

static bool is_same_file(const struct mark *a, const struct mark *b)
{
    return a->source != NULL && b->source != NULL && a->file_rank == b->file_rank;
}

static bool is_same_line(const struct mark *a, const struct mark *b)
{
    return is_same_file(a, b) && a->frame->line == b->frame->line;
}

static void put_between(FILE *page, struct finding *f, const struct mark *from,
                        const struct mark *to)
{
    if (to->frame->line - from->frame->line - 1 > MARK_GAP) {
        fputs("<div class=\"gap\"><span class=\"number\">&#8942;</span></div>\n", page);
        return;
    }
    for (int line = from->frame->line + 1; line < to->frame->line; line++) {
        const char *source = mark_source(&f->pool, to->frame->file, line);

        if (source != NULL)
            put_line(page, f, line, source, NULL, 0);
    }
}

/* The marks of one file: all of them from `first` up to, but not including, `end`. */
static void put_file(FILE *page, struct finding *f, const struct mark *first,
                     const struct mark *end)
{
    const struct mark *next;

    html_put(page, "<figure class=\"excerpt\">\n<figcaption class=\"path\">%s</figcaption>\n",
             path_short(first->frame->file));
    fputs("<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"Source lines\">"
          "<div class=\"lines\">\n",
          page);
    for (const struct mark *m = first; m < end; m = next) {
        for (next = m + 1; next < end && is_same_line(m, next); next++)
            ;
        if (m > first)
            put_between(page, f, m - 1, m);
        put_line(page, f, m->frame->line, m->source, m, (size_t)(next - m));
        for (const struct mark *label = m; label < next; label++)
            put_label(page, label);
    }
    fputs("</div></div></figure>\n", page);
}

/* ---------------------------------------------------------------- what has no source */

static void put_without_source(FILE *page, struct finding *f, const struct mark *m)
{
    const char *place = word_place(f, m->frame);

    fputs("<li>", page);
    if (place[0] != '\0')
        html_put(page, "<code>%s</code>%s", place, m->label[0] != '\0' ? ": " : "");
    html_put(page, "%s</li>\n", m->label);
}

static void put_places(FILE *page, struct finding *f, const struct mark_list *list)
{
    bool open = false;

    for (size_t i = 0; i < list->count; i++) {
        if (list->marks[i].source != NULL)
            continue;
        if (!open)
            fputs("<ul class=\"places\">\n", page);
        open = true;
        put_without_source(page, f, &list->marks[i]);
    }
    if (open)
        fputs("</ul>\n", page);
}

void html_excerpt(FILE *page, struct finding *f)
{
    struct mark_list list = marks_of(f);
    const struct mark *end = list.marks + list.count, *next, *newer = marks_newer_source(&list);

    for (const struct mark *m = list.marks; m < end; m = next) {
        for (next = m + 1; next < end && is_same_file(m, next); next++)
            ;
        if (m->source != NULL)
            put_file(page, f, m, next);
    }
    put_places(page, f, &list);
    if (newer != NULL)
        html_put(page,
                 "<p class=\"hint\">%s is newer than %s: build it again, or these lines may be "
                 "wrong.</p>\n",
                 path_base(newer->frame->file), path_base(newer->frame->module));
}
