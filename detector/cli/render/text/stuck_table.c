/* SPDX-License-Identifier: MIT */
/*
 * stuck_table.c - who holds what, and who waits for whom
 *
 * 1. The rows come from stuck_rows.c. Where nobody holds anything, as is usual among channels, there is
 *    no column for it.
 * 2. The threads that are stuck have a `*`.
 * 3. Where the rows are wider than 100 characters, first the words about bystanders go, then the
 *    file names (if there is only one), and at last each thread gets a paragraph instead.
 */
#include "detector/cli/render/text/stuck_table.h"

#include <string.h>

#include "detector/cli/render/stuck_rows.h"

enum { INDENT = 5, GAP = 2 };

struct table {
    struct stuck_rows rows;
    int widths[COLUMNS];
};

static bool is_left_out(const struct table *table, int column)
{
    return table->rows.no_holds && (column == HOLDS || column == HOLDS_AT);
}

static void measure(struct table *table, const char *const heads[COLUMNS])
{
    for (int c = 0; c < COLUMNS; c++) {
        table->widths[c] = text_width(heads[c]);
        for (size_t i = 0; i < table->rows.count; i++) {
            int width = text_width(table->rows.rows[i].cells[c]);

            if (width > table->widths[c])
                table->widths[c] = width;
        }
    }
}

static int total_width(const struct table *table)
{
    int total = INDENT - GAP + 2;

    for (int c = 0; c < COLUMNS; c++)
        if (!is_left_out(table, c))
            total += table->widths[c] + GAP;
    return total;
}

static void print_cells(struct out *out, const struct table *table, const char *const *cells,
                        enum style style)
{
    int column = INDENT, last = COLUMNS - 1;

    while (last > 0 && cells[last][0] == '\0')
        last--;
    for (int c = 0; c <= last; c++) {
        if (is_left_out(table, c))
            continue;
        out_tab(out, column, 0);
        out_text(out, c == THREAD ? BOLD : style, cells[c]);
        column += table->widths[c] + GAP + (c == THREAD || c == HOLDS_AT);
    }
    out_text(out, PLAIN, "\n");
}

static void print_table(struct out *out, const struct table *table, const char *const *heads)
{
    print_cells(out, table, heads, DIM);
    for (size_t i = 0; i < table->rows.count; i++) {
        out_text(out, RED, table->rows.rows[i].stuck && table->rows.rows[i].first ? "   *" : "");
        print_cells(out, table, table->rows.rows[i].cells, PLAIN);
    }
}

static void print_fact(struct out *out, const char *head, const char *what, const char *where)
{
    out_tab(out, INDENT + 3, 0);
    out_text(out, DIM, head);
    out_tab(out, INDENT + 14, 1);
    out_wrapped(out, PLAIN, INDENT + 16, what);
    if (where[0] != '\0' && out->column + GAP + text_width(where) > OUT_WIDTH) {
        out_text(out, PLAIN, "\n");
        out_tab(out, INDENT + 16, 0);
    }
    if (where[0] != '\0') {
        out_tab(out, 0, GAP);
        out_text(out, PLAIN, where);
    }
    out_text(out, PLAIN, "\n");
}

/* `(runs)` says it all; anything else is what the thread waits for. */
static void print_wait(struct out *out, const char *const *cells)
{
    bool plain = cells[WAITS][0] == '(';

    print_fact(out, plain ? "" : "waits for", cells[WAITS], cells[WAITS_AT]);
}

static void print_whose(struct out *out, const char *whose)
{
    if (whose[0] != '\0')
        print_fact(out, whose[0] == '(' ? "" : "held by", whose, "");
}

/* One thread: rows from `first` up to, but not including, `end`. */
static void print_paragraph(struct out *out, const struct stuck_row *first,
                            const struct stuck_row *end)
{
    out_text(out, RED, first->stuck ? "   * " : "     ");
    out_wrapped(out, BOLD, INDENT, first->cells[THREAD]);
    out_text(out, PLAIN, "\n");
    print_wait(out, first->cells);
    for (const struct stuck_row *row = first + 1; row < end; row++)
        if (row->cells[WAITS][0] != '\0')
            print_fact(out, "", row->cells[WAITS], "");
    print_whose(out, first->cells[WHOSE]);
    for (const struct stuck_row *row = first; row < end; row++)
        if (row->cells[HOLDS][0] != '\0' && strcmp(row->cells[HOLDS], "-") != 0)
            print_fact(out, "holds", row->cells[HOLDS], row->cells[HOLDS_AT]);
}

static void print_paragraphs(struct out *out, const struct table *table)
{
    const struct stuck_row *end = table->rows.rows + table->rows.count, *next;

    for (const struct stuck_row *row = table->rows.rows; row < end; row = next) {
        for (next = row + 1; next < end && !next->first; next++)
            ;
        print_paragraph(out, row, next);
    }
}

/* The words about bystanders are the first to go. */
static void shorten(struct table *table, const char *const heads[COLUMNS])
{
    for (size_t i = 0; i < table->rows.count; i++)
        if (strcmp(table->rows.rows[i].cells[WHOSE], stuck_idle) == 0)
            table->rows.rows[i].cells[WHOSE] = "(idle)";
    measure(table, heads);
}

void stuck_table_print(struct out *out, struct finding *f)
{
    const char *heads[COLUMNS] = {"thread", "holds", "", "waits for", "", ""};
    struct table table;

    if (!stuck_rows_wanted(f))
        return;
    table.rows = stuck_rows_of(f);
    heads[WHOSE] = table.rows.holders ? "held by" : "";
    measure(&table, heads);
    if (total_width(&table) > OUT_WIDTH)
        shorten(&table, heads);
    if (total_width(&table) > OUT_WIDTH && finding_only_file(f) != NULL) {
        f->lines_only = true;
        table.rows = stuck_rows_of(f);
        f->lines_only = false;
        shorten(&table, heads);
    }
    if (total_width(&table) <= OUT_WIDTH)
        print_table(out, &table, heads);
    else
        print_paragraphs(out, &table);
    if (table.rows.left_out > 0)
        out_printf(out, PLAIN, "     and %zu other threads, not part of it\n", table.rows.left_out);
    out_text(out, PLAIN, "\n");
}
