/* SPDX-License-Identifier: MIT */
/*
 * scenario.c - the turns that hang the program, a column a thread
 *
 * Each row is one step of one thread, so a step may run over the columns to its right: they are
 * empty in its row. That is how many threads fit into 100 characters:
 * 1. A column is as wide as its longest step, as long as all columns fit.
 * 2. Else the columns move together, down to the width of the threads' names.
 * 3. Else there are no columns, and each row names its thread.
 * What does not fit on the row goes on below, in the same column.
 */
#include "detector/cli/render/text/scenario.h"

#include <string.h>

#include "detector/cli/names/wording.h"
#include "detector/cli/render/turns.h"

enum { TURN_COLUMN = 5, FIRST_COLUMN = 12, GAP = 3, MAX_COLUMNS = 16, MAX_START = 70 };

struct columns {
    int *threads;
    size_t count;
    int distance; /* from one column to the next; 0: a list */
    int widest_name, widest_action;
};

static int at_least(int number, int least)
{
    return number > least ? number : least;
}

static const char *place_of(struct finding *f, const struct step *s)
{
    return word_place(f, stack_own_frame(&s->stack));
}

/* The distance that lets the longest step of the last column end at the right edge. */
static int distance_of(const struct columns *c, int widest_step, int widest_row)
{
    int gaps = (int)c->count - 1, distance = widest_step + GAP + 2;

    if (gaps < 1)
        return distance;
    if (distance * gaps > OUT_WIDTH - FIRST_COLUMN - widest_row)
        distance = at_least((OUT_WIDTH - FIRST_COLUMN - widest_row) / gaps, c->widest_name + 2);
    return c->count > MAX_COLUMNS || FIRST_COLUMN + distance * gaps > MAX_START ? 0 : distance;
}

static struct columns measure(struct finding *f)
{
    struct int_list threads = turns_threads(f);
    struct columns c = {.threads = threads.items, .count = threads.count};
    int widest_place = 0, widest_wait = 0, widest_step;

    for (size_t i = 0; i < f->step_count; i++) {
        const struct step *s = &f->steps[i];

        c.widest_name = at_least(text_width(finding_thread_name(f, s->thread)), c.widest_name);
        c.widest_action = at_least(text_width(turn_action(f, s)), c.widest_action);
        widest_place = at_least(text_width(place_of(f, s)), widest_place);
        widest_wait = at_least(text_width(turn_wait(f, s)), widest_wait);
    }
    widest_step = c.widest_action + GAP + widest_place;
    c.distance = distance_of(&c, widest_step,
                             widest_step + (widest_wait > 0 ? GAP + widest_wait : 0));
    return c;
}

static int column_of(const struct columns *c, int thread)
{
    if (c->distance == 0)
        return FIRST_COLUMN + (c->widest_name < 30 ? c->widest_name : 30) + GAP;
    for (size_t i = 0; i < c->count; i++)
        if (c->threads[i] == thread)
            return FIRST_COLUMN + (int)i * c->distance;
    return FIRST_COLUMN;
}

/* A part of a step: on this row if there is room, else on the next. */
static void put_piece(struct out *out, struct finding *f, int column, int at, const char *piece)
{
    if (piece[0] == '\0')
        return;
    if (out->column > column && at_least(out->column + GAP, at) + text_width(piece) > OUT_WIDTH) {
        out_text(out, PLAIN, "\n");
        at = column;
    }
    out_tab(out, at, out->column > column ? GAP : 0);
    out_text(out, PLAIN, text_fit(&f->pool, piece, OUT_WIDTH - out->column));
}

static void print_step(struct out *out, struct finding *f, const struct columns *c,
                       const struct step *s)
{
    int column = column_of(c, s->thread);

    out_tab(out, TURN_COLUMN, 0);
    out_printf(out, PLAIN, "%3d", s->turn);
    if (c->distance == 0) {
        out_tab(out, FIRST_COLUMN, 0);
        out_text(out, BOLD,
                 text_fit(&f->pool, finding_thread_name(f, s->thread), column - FIRST_COLUMN - 1));
    }
    out_tab(out, column, 0);
    put_piece(out, f, column, column, turn_action(f, s));
    put_piece(out, f, column, column + c->widest_action + GAP, place_of(f, s));
    put_piece(out, f, column, 0, turn_wait(f, s));
    out_text(out, PLAIN, "\n");
}

static void print_head(struct out *out, struct finding *f, const struct columns *c)
{
    out_tab(out, TURN_COLUMN, 0);
    out_text(out, DIM, "turn");
    if (c->distance == 0) {
        out_tab(out, FIRST_COLUMN, 0);
        out_text(out, DIM, "thread");
    }
    for (size_t i = 0; c->distance > 0 && i < c->count; i++) {
        out_tab(out, column_of(c, c->threads[i]), 0);
        out_text(
            out, BOLD,
            text_fit(&f->pool, finding_thread_name(f, c->threads[i]), OUT_WIDTH - out->column));
    }
    out_text(out, PLAIN, "\n");
}

static bool is_in_one_file(const struct finding *f)
{
    const char *file = NULL;

    for (size_t i = 0; i < f->step_count; i++) {
        const struct frame *frame = stack_own_frame(&f->steps[i].stack);

        if (frame == NULL || frame->file == NULL || frame->line == 0 ||
            (file != NULL && strcmp(file, frame->file) != 0))
            return false;
        file = frame->file;
    }
    return true;
}

/* Is a column too narrow for the longest step? */
static bool is_tight(struct finding *f, const struct columns *c)
{
    int widest_place = 0;

    for (size_t i = 0; i < f->step_count; i++)
        widest_place = at_least(text_width(place_of(f, &f->steps[i])), widest_place);
    return c->count > 1 && c->distance < c->widest_action + GAP + widest_place + GAP;
}

static bool same_place(const struct stack *a, const struct stack *b)
{
    const struct frame *one = stack_own_frame(a), *other = stack_own_frame(b);

    return one != NULL && other != NULL && one->line == other->line && one->file != NULL &&
           other->file != NULL && strcmp(one->file, other->file) == 0;
}

/* The table has told all of it: each thread came, and waits. Or there is only one thread, and the
 * excerpt has told what it did. */
static bool says_nothing_new(const struct finding *f)
{
    bool waits_only = true, one_thread = true;

    for (size_t i = 0; i < f->step_count; i++) {
        const struct step *s = &f->steps[i];
        const struct thread *t = finding_thread(f, s->thread);

        waits_only = waits_only && s->waits_for == 0 && t != NULL && t->part && t->waits != NULL &&
                     same_place(&t->waits->stack, &s->stack);
        one_thread = one_thread && s->waits_for == 0 && s->thread == f->steps[0].thread;
    }
    return waits_only || (one_thread && f->place_count > 1);
}

void scenario_print(struct out *out, struct finding *f)
{
    const bool lines_only = f->lines_only;
    struct columns c;

    if (f->step_count < 2 || says_nothing_new(f)) /* one step is no turn */
        return;
    turns_sort(f);
    c = measure(f);
    if (is_tight(f, &c) && is_in_one_file(f)) { /* the file's name is what there is too much of */
        f->lines_only = true;
        c = measure(f);
    }
    out_printf(out, PLAIN, "  %s\n\n", turns_heading(f));
    print_head(out, f, &c);
    for (size_t i = 0; i < f->step_count; i++)
        print_step(out, f, &c, &f->steps[i]);
    if (turns_end_stuck(f)) {
        out_tab(out, FIRST_COLUMN, 0);
        out_text(out, BOLD, "===== nobody can move =====\n");
    }
    out_text(out, PLAIN, "\n");
    f->lines_only = lines_only;
}
