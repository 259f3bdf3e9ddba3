/* SPDX-License-Identifier: MIT */
/*
 * stuck_table.c - who holds what, and who waits for whom
 *
 * 1. A row is a thread and the first lock it holds; its other locks follow in rows of their own.
 *    Where nobody holds anything, as is usual among channels, there is no column for it.
 *    The cases of a long select stand in rows of their own in the same way.
 * 2. The threads that are stuck come first and have a `*`.
 * 3. Where the rows are wider than 100 characters, first the words about bystanders go, then the
 *    file names (if there is only one), and at last each thread gets a paragraph instead.
 */
#include "detector/cli/render/stuck_table.h"

#include <string.h>

#include "detector/cli/names/wording.h"

enum column { THREAD, HOLDS, HOLDS_AT, WAITS, WAITS_AT, WHOSE, COLUMNS };

enum { INDENT = 5, GAP = 2, MAX_BYSTANDERS = 8, LONG_SELECT = 48 };

static const char idle[] = "(idle: not part of it)", by_itself[] = "(ends by itself)";

struct row {
    const char *cells[COLUMNS];
    bool stuck, first; /* the first row of its thread */
};

struct table {
    struct row *rows;
    size_t count;
    int widths[COLUMNS];
    size_t left_out; /* bystanders beyond MAX_BYSTANDERS */
    bool no_holds;   /* nobody holds anything */
};

static bool is_idle(const struct thread *t)
{
    return !t->doomed && t->waits != NULL && !is_owner_wait(t->waits->operation) &&
           strcmp(t->waits->operation, "join") != 0;
}

static const char *whose(struct finding *f, const struct thread *t)
{
    const struct wait *w = t->waits;
    const char *threads;

    if (is_idle(t))
        return w->timed ? by_itself : idle;
    if (w == NULL || w->for_count == 0 || strcmp(w->operation, "join") == 0)
        return "";
    threads = w->for_count > 4 ? pool_printf(&f->pool, "%zu threads", w->for_count)
                               : word_threads(f, w->for_threads, w->for_count);
    return is_owner_wait(w->operation) ? threads : pool_printf(&f->pool, "(needs %s)", threads);
}

/* The cases that get rows of their own. */
static size_t case_rows(struct finding *f, const struct thread *t)
{
    const struct wait *w = t->waits;

    return w != NULL && w->case_count > 0 && text_width(word_blocked(f, w)) > LONG_SELECT
               ? w->case_count
               : 0;
}

static const char *waits_text(struct finding *f, const struct thread *t)
{
    const struct wait *w = t->waits;

    if (w == NULL && strcmp(t->state, "exited") == 0)
        return "(has ended)";
    if (w == NULL)
        return strcmp(t->state, "blocked") == 0 ? "(blocked)" : "(runs)";
    return case_rows(f, t) > 0 ? "select, one of:" : word_blocked(f, w);
}

static const char *hold_text(struct finding *f, const struct hold *h)
{
    return pool_printf(&f->pool, "%s%s", finding_object_name(f, h->object),
                       strcmp(h->mode, "shared") == 0 ? " (read)" : "");
}

static void fill_first(struct row *row, struct finding *f, const struct thread *t)
{
    row->first = true;
    row->cells[THREAD] = finding_thread_name(f, t->id);
    row->cells[HOLDS] = "-";
    row->cells[WAITS] = waits_text(f, t);
    if (t->waits != NULL)
        row->cells[WAITS_AT] = word_place(f, stack_own_frame(&t->waits->stack));
    row->cells[WHOSE] = whose(f, t);
}

static void add_thread(struct table *table, struct finding *f, const struct thread *t)
{
    size_t cases = case_rows(f, t), rows = cases + 1 > t->hold_count ? cases + 1 : t->hold_count;

    for (size_t i = 0; i < rows; i++) {
        struct row *row = &table->rows[table->count++];

        for (int c = 0; c < COLUMNS; c++)
            row->cells[c] = "";
        row->stuck = t->part;
        if (i == 0)
            fill_first(row, f, t);
        else if (i <= cases)
            row->cells[WAITS] = pool_printf(&f->pool, "  %s",
                                            word_case(f, &t->waits->cases[i - 1], true));
        if (i < t->hold_count) {
            row->cells[HOLDS] = hold_text(f, &t->holds[i]);
            row->cells[HOLDS_AT] = word_place(f, stack_own_frame(&t->holds[i].stack));
        }
    }
}

/* That a thread still runs is of interest only where others do not. */
static bool is_only_mentioned(const struct finding *f, const struct thread *t)
{
    return strstr(f->name, "deadlock") == NULL && t->waits == NULL && t->hold_count == 0 &&
           strcmp(t->state, "exited") != 0;
}

static struct table build(struct finding *f)
{
    struct table table = {.count = 0};
    size_t rows = 0, bystanders = 0;

    for (size_t i = 0; i < f->thread_count; i++)
        rows += f->threads[i].hold_count + 1 + case_rows(f, &f->threads[i]);
    table.rows = pool_array(&f->pool, rows, sizeof(*table.rows));
    for (size_t i = 0; i < f->thread_count; i++)
        if (f->threads[i].part)
            add_thread(&table, f, &f->threads[i]);
    for (size_t i = 0; i < f->thread_count; i++) {
        if (f->threads[i].part || is_only_mentioned(f, &f->threads[i]))
            continue;
        if (bystanders++ < MAX_BYSTANDERS)
            add_thread(&table, f, &f->threads[i]);
        else
            table.left_out++;
    }
    return table;
}

static bool is_left_out(const struct table *table, int column)
{
    return table->no_holds && (column == HOLDS || column == HOLDS_AT);
}

static void measure(struct table *table, const char *const heads[COLUMNS])
{
    table->no_holds = true;
    for (size_t i = 0; i < table->count; i++)
        table->no_holds = table->no_holds &&
                          (!table->rows[i].first || strcmp(table->rows[i].cells[HOLDS], "-") == 0);
    for (int c = 0; c < COLUMNS; c++) {
        table->widths[c] = text_width(heads[c]);
        for (size_t i = 0; i < table->count; i++) {
            int width = text_width(table->rows[i].cells[c]);

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
    for (size_t i = 0; i < table->count; i++) {
        out_text(out, RED, table->rows[i].stuck && table->rows[i].first ? "   *" : "");
        print_cells(out, table, table->rows[i].cells, PLAIN);
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
static void print_paragraph(struct out *out, const struct row *first, const struct row *end)
{
    out_text(out, RED, first->stuck ? "   * " : "     ");
    out_wrapped(out, BOLD, INDENT, first->cells[THREAD]);
    out_text(out, PLAIN, "\n");
    print_wait(out, first->cells);
    for (const struct row *row = first + 1; row < end; row++)
        if (row->cells[WAITS][0] != '\0')
            print_fact(out, "", row->cells[WAITS], "");
    print_whose(out, first->cells[WHOSE]);
    for (const struct row *row = first; row < end; row++)
        if (row->cells[HOLDS][0] != '\0' && strcmp(row->cells[HOLDS], "-") != 0)
            print_fact(out, "holds", row->cells[HOLDS], row->cells[HOLDS_AT]);
}

static void print_paragraphs(struct out *out, const struct table *table)
{
    const struct row *end = table->rows + table->count, *next;

    for (const struct row *row = table->rows; row < end; row = next) {
        for (next = row + 1; next < end && !next->first; next++)
            ;
        print_paragraph(out, row, next);
    }
}

/* The words about bystanders are the first to go. */
static void shorten(struct table *table, const char *const heads[COLUMNS])
{
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->rows[i].cells[WHOSE], idle) == 0)
            table->rows[i].cells[WHOSE] = "(idle)";
    measure(table, heads);
}

/* A stuck thread of which we know no more than its name makes no table. */
static bool worth_a_table(const struct finding *f)
{
    for (size_t i = 0; i < f->thread_count; i++)
        if (f->threads[i].part && (f->threads[i].waits != NULL || f->threads[i].hold_count > 0))
            return true;
    return false;
}

static const char *last_head(const struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->rows[i].cells[WHOSE][0] != '\0' && table->rows[i].cells[WHOSE][0] != '(')
            return "held by";
    return "";
}

void stuck_table_print(struct out *out, struct finding *f)
{
    const char *heads[COLUMNS] = {"thread", "holds", "", "waits for", "", ""};
    struct table table;

    if (!worth_a_table(f))
        return;
    table = build(f);
    heads[WHOSE] = last_head(&table);
    measure(&table, heads);
    if (total_width(&table) > OUT_WIDTH)
        shorten(&table, heads);
    if (total_width(&table) > OUT_WIDTH && finding_only_file(f) != NULL) {
        f->lines_only = true;
        table = build(f);
        f->lines_only = false;
        shorten(&table, heads);
    }
    if (total_width(&table) <= OUT_WIDTH)
        print_table(out, &table, heads);
    else
        print_paragraphs(out, &table);
    if (table.left_out > 0)
        out_printf(out, PLAIN, "     and %zu other threads, not part of it\n", table.left_out);
    out_text(out, PLAIN, "\n");
}
