/* SPDX-License-Identifier: MIT */
/*
 * stuck_rows.c - what is said of each thread in the table of who waits for whom?
 *
 * 1. A row is a thread and the first lock it holds; its other locks follow in rows of their own, and
 *    so do the cases of a long select.
 * 2. The threads that are stuck come first; of the bystanders so many as do not bury them.
 * 3. A snapshot has all threads. Those of which the same is said, in a row of its own, share it:
 *    `worker-1 and 11 like it`. So do the stuck ones, if they are many.
 */
#include "detector/cli/render/stuck_rows.h"

#include <string.h>

#include "detector/cli/base/out.h"
#include "detector/cli/names/wording.h"

enum { MAX_BYSTANDERS = 8, LONG_SELECT = 48, MOST_ROWS = 12 };

const char stuck_idle[] = "(idle: not part of it)";
static const char by_itself[] = "(ends by itself)";

static bool is_idle(const struct thread *t)
{
    return !t->doomed && t->waits != NULL && !is_owner_wait(t->waits->operation) &&
           strcmp(t->waits->operation, "join") != 0;
}

/* What the object's memory says beside its owner: `(2 of 4 have come)`; who holds it, if that is not
 * the name of a thread. */
static const char *detail(struct finding *f, const struct wait *w)
{
    if (w->detail == NULL || strcmp(w->operation, "system-call") == 0)
        return "";
    return is_owner_wait(w->operation) || w->detail[0] == '('
               ? w->detail
               : pool_printf(&f->pool, "(%s)", w->detail);
}

static const char *whose(struct finding *f, const struct thread *t)
{
    const struct wait *w = t->waits;
    const char *threads;

    if (is_idle(t) && (w->timed || !finding_is_snapshot(f)))
        return w->timed ? by_itself : stuck_idle;
    if (w != NULL && w->for_count == 0)
        return detail(f, w);
    if (w == NULL || strcmp(w->operation, "join") == 0)
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

static void fill_first(struct stuck_row *row, struct finding *f, const struct thread *t)
{
    row->first = true;
    row->cells[THREAD] = finding_thread_name(f, t->id);
    row->cells[HOLDS] = "-";
    row->cells[WAITS] = waits_text(f, t);
    if (t->waits != NULL)
        row->cells[WAITS_AT] = word_place(f, stack_own_frame(&t->waits->stack));
    else if (finding_is_snapshot(f))
        row->cells[WAITS_AT] = word_place(f, stack_own_frame(&t->stack));
    row->cells[WHOSE] = whose(f, t);
}

static void add_thread(struct stuck_rows *table, struct finding *f, const struct thread *t)
{
    size_t cases = case_rows(f, t), rows = cases + 1 > t->hold_count ? cases + 1 : t->hold_count;

    for (size_t i = 0; i < rows; i++) {
        struct stuck_row *row = &table->rows[table->count++];

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

static void survey(struct stuck_rows *table)
{
    table->no_holds = true;
    for (size_t i = 0; i < table->count; i++) {
        const struct stuck_row *row = &table->rows[i];

        if (row->first && strcmp(row->cells[HOLDS], "-") != 0)
            table->no_holds = false;
        if (row->cells[WHOSE][0] != '\0' && row->cells[WHOSE][0] != '(')
            table->holders = true;
    }
}

/* That a thread still runs is of interest only where others do not. */
static bool is_only_mentioned(const struct finding *f, const struct thread *t)
{
    return strstr(f->name, "deadlock") == NULL && t->waits == NULL && t->hold_count == 0 &&
           strcmp(t->state, "exited") != 0;
}

/* `semaphore #3`, without its number: an object that has no name of its own. 0: it has one. */
static size_t without_number(const char *text)
{
    const char *mark = strstr(text, " #");

    return mark == NULL || mark[2 + strspn(mark + 2, "0123456789")] != '\0' ? 0
                                                                            : (size_t)(mark - text);
}

static bool wait_for_the_like(const char *a, const char *b)
{
    size_t length = without_number(a);

    return strcmp(a, b) == 0 ||
           (length > 0 && length == without_number(b) && strncmp(a, b, length) == 0);
}

static bool says_the_same(const struct stuck_row *a, const struct stuck_row *b)
{
    return a->first && strcmp(a->cells[HOLDS], "-") == 0 && strcmp(b->cells[HOLDS], "-") == 0 &&
           strcmp(a->cells[WAITS_AT], b->cells[WAITS_AT]) == 0 &&
           strcmp(a->cells[WHOSE], b->cells[WHOSE]) == 0;
}

/* The last row, if it is the only one of its thread, goes to an earlier one that says the same. */
static void fold_last(struct stuck_rows *table, size_t before)
{
    const struct stuck_row *last = &table->rows[before];

    for (size_t i = 0; table->count == before + 1 && i < before; i++) {
        struct stuck_row *row = &table->rows[i];

        if (!says_the_same(row, last) || !wait_for_the_like(row->cells[WAITS], last->cells[WAITS]))
            continue;
        row->like++;
        row->own_objects = row->own_objects || strcmp(row->cells[WAITS], last->cells[WAITS]) != 0;
        table->count--;
    }
}

static void name_folded(struct stuck_rows *table, struct finding *f)
{
    for (size_t i = 0; i < table->count; i++) {
        struct stuck_row *row = &table->rows[i];
        const char **waits = &row->cells[WAITS];

        if (row->like > 0)
            row->cells[THREAD] = pool_printf(&f->pool, "%s and %zu like it", row->cells[THREAD],
                                             row->like);
        if (row->own_objects)
            *waits = pool_printf(&f->pool, "%.*s, each its own", (int)without_number(*waits),
                                 *waits);
    }
}

static void add_folded(struct stuck_rows *table, struct finding *f, const struct thread *t)
{
    size_t before = table->count;

    add_thread(table, f, t);
    fold_last(table, before);
}

static void add_all(struct stuck_rows *table, struct finding *f)
{
    for (size_t i = 0; i < f->thread_count; i++)
        add_folded(table, f, &f->threads[i]);
    name_folded(table, f);
}

static bool are_many(const struct finding *f)
{
    size_t stuck = 0;

    for (size_t i = 0; i < f->thread_count; i++)
        stuck += f->threads[i].part;
    return stuck > MOST_ROWS;
}

static void add_stuck_first(struct stuck_rows *table, struct finding *f)
{
    bool fold = are_many(f);
    size_t bystanders = 0;

    for (size_t i = 0; i < f->thread_count; i++)
        if (f->threads[i].part && fold)
            add_folded(table, f, &f->threads[i]);
        else if (f->threads[i].part)
            add_thread(table, f, &f->threads[i]);
    name_folded(table, f);
    for (size_t i = 0; i < f->thread_count; i++) {
        if (f->threads[i].part || is_only_mentioned(f, &f->threads[i]))
            continue;
        if (bystanders++ < MAX_BYSTANDERS)
            add_thread(table, f, &f->threads[i]);
        else
            table->left_out++;
    }
}

struct stuck_rows stuck_rows_of(struct finding *f)
{
    struct stuck_rows table = {.count = 0};
    size_t rows = 0;

    for (size_t i = 0; i < f->thread_count; i++)
        rows += f->threads[i].hold_count + 1 + case_rows(f, &f->threads[i]);
    table.rows = pool_array(&f->pool, rows, sizeof(*table.rows));
    if (finding_is_snapshot(f))
        add_all(&table, f);
    else
        add_stuck_first(&table, f);
    survey(&table);
    return table;
}

/* A stuck thread of which we know no more than its name makes no table. */
bool stuck_rows_wanted(const struct finding *f)
{
    if (finding_is_snapshot(f))
        return true;
    for (size_t i = 0; i < f->thread_count; i++)
        if (f->threads[i].part && (f->threads[i].waits != NULL || f->threads[i].hold_count > 0))
            return true;
    return false;
}
