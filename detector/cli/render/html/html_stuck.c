/* SPDX-License-Identifier: MIT */
/*
 * html_stuck.c - the table of threads: the rows of stuck_rows.c between tags
 *
 * A thread with several locks, or a long select, is one row here: what is below each other in the
 * text report is a list in the cell.
 */
#include "detector/cli/render/html/html_stuck.h"

#include <string.h>

#include "detector/cli/render/html/html.h"
#include "detector/cli/render/stuck_rows.h"

/* In a table with lines, words about a cell need no parentheses. */
static void put_words(FILE *page, struct finding *f, const char *words)
{
    size_t length = strlen(words);

    if (words[0] == '(' && words[length - 1] == ')')
        html_put(page, "<span class=\"words\">%s</span>",
                 pool_copy_n(&f->pool, words + 1, length - 2));
    else
        html_text(page, words);
}

/* The thing, and where it was. */
static void put_entry(FILE *page, struct finding *f, const char *what, const char *where)
{
    if (what[0] == '\0')
        return;
    fputs("<div>", page);
    put_words(page, f, what + strspn(what, " "));
    if (where[0] != '\0')
        html_put(page, " <span class=\"at\">%s</span>", where);
    fputs("</div>", page);
}

static void put_entries(FILE *page, struct finding *f, const struct stuck_row *first,
                        const struct stuck_row *end, enum column what, enum column where)
{
    fputs("<td>", page);
    for (const struct stuck_row *row = first; row < end; row++)
        put_entry(page, f, row->cells[what], row->cells[where]);
    fputs("</td>", page);
}

static bool has_words(const struct stuck_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        if (rows->rows[i].cells[WHOSE][0] != '\0')
            return true;
    return false;
}

/* Rows from `first` up to, but not including, `end` are of one thread. */
static void put_thread(FILE *page, struct finding *f, const struct stuck_rows *rows,
                       const struct stuck_row *first, const struct stuck_row *end)
{
    html_put(page, "<tr><th scope=\"row\">%s", first->cells[THREAD]);
    if (first->stuck)
        fputs(" <span class=\"stuck\">stuck</span>", page);
    fputs("</th>", page);
    if (!rows->no_holds)
        put_entries(page, f, first, end, HOLDS, HOLDS_AT);
    put_entries(page, f, first, end, WAITS, WAITS_AT);
    if (has_words(rows)) {
        fputs("<td>", page);
        put_words(page, f, first->cells[WHOSE]);
        fputs("</td>", page);
    }
    fputs("</tr>\n", page);
}

void html_stuck(FILE *page, struct finding *f)
{
    struct stuck_rows rows = stuck_rows_of(f);
    const struct stuck_row *end = rows.rows + rows.count, *next;

    fputs("<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"Threads\">"
          "<table class=\"threads\">\n<thead><tr><th scope=\"col\">Thread</th>",
          page);
    if (!rows.no_holds)
        fputs("<th scope=\"col\">Holds</th>", page);
    fputs("<th scope=\"col\">Waits for</th>", page);
    if (has_words(&rows))
        html_put(page, "<th scope=\"col\">%s</th>", rows.holders ? "Held by" : "From whom");
    fputs("</tr></thead>\n<tbody>\n", page);
    for (const struct stuck_row *row = rows.rows; row < end; row = next) {
        for (next = row + 1; next < end && !next->first; next++)
            ;
        put_thread(page, f, &rows, row, next);
    }
    fputs("</tbody></table></div>\n", page);
    if (rows.left_out > 0)
        html_put(page, "<p class=\"hint\">And %zu other threads, not part of it.</p>\n",
                 rows.left_out);
}
