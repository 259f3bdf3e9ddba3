/* SPDX-License-Identifier: MIT */
/*
 * mark.c - the places of a finding as marks on source lines
 *
 * 1. A place becomes a mark at its first frame that is the program's own.
 * 2. The call on that line is what is underlined; if none is found, the whole line.
 * 3. The file of the main place comes first, then the others as they come; lines go down.
 * Two marks with the same call and the same label are one.
 */
#include "detector/cli/render/mark.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "detector/cli/base/out.h"
#include "detector/cli/base/source.h"
#include "detector/cli/names/call_site.h"
#include "detector/cli/names/wording.h"

enum { TAB = 4, MAX_DERIVED = 8 };

static const char *expand(struct pool *pool, const char *line)
{
    char *text = pool_array(pool, strlen(line) * TAB + 1, 1);
    size_t at = 0;

    for (; *line != '\0'; line++) {
        if (*line != '\t') {
            text[at++] = *line;
            continue;
        }
        do
            text[at++] = ' ';
        while (at % TAB != 0);
    }
    return text;
}

const char *mark_source(struct pool *pool, const char *file, int line)
{
    const char *source = source_line(file, line);

    return source == NULL ? NULL : expand(pool, source);
}

/* Characters that the first `bytes` bytes of a raw line take when printed. */
static int printed_width(struct pool *pool, const char *line, size_t bytes)
{
    return text_width(expand(pool, pool_copy_n(pool, line, bytes)));
}

static void find_columns(struct pool *pool, const struct stack *s, struct mark *m)
{
    const char *line = source_line(m->frame->file, m->frame->line);
    struct call call;

    if (line == NULL)
        return;
    m->source = expand(pool, line);
    m->start = (int)strspn(m->source, " ");
    m->end = text_width(m->source);
    if (call_find(line, stack_callee(pool, s, (size_t)(m->frame - s->frames)), m->frame->column,
                  &call)) {
        m->start = printed_width(pool, line, call.whole.start);
        m->end = printed_width(pool, line, call.whole.end);
    }
}

static bool same_mark(const struct mark *a, const struct mark *b)
{
    return a->frame != NULL && b->frame != NULL && a->frame->file != NULL &&
           b->frame->file != NULL && strcmp(a->frame->file, b->frame->file) == 0 &&
           a->frame->line == b->frame->line && strcmp(a->label, b->label) == 0;
}

struct mark mark_of(struct finding *f, const struct stack *s)
{
    struct mark m = {.label = "", .stack = s, .frame = stack_own_frame(s)};

    if (m.frame != NULL && m.frame->file != NULL)
        find_columns(&f->pool, s, &m);
    return m;
}

static void add_mark(struct finding *f, struct mark_list *list, const struct stack *s,
                     const char *label, bool primary)
{
    struct mark *m = &list->marks[list->count];

    *m = mark_of(f, s);
    m->label = label;
    m->primary = primary;
    for (size_t i = 0; i < list->count; i++)
        if (same_mark(&list->marks[i], m)) {
            list->marks[i].primary |= primary;
            return;
        }
    list->count++;
}

static void add_places(struct finding *f, struct mark_list *list)
{
    for (size_t i = 0; i < f->place_count; i++)
        add_mark(f, list, &f->places[i].stack, f->places[i].text, f->places[i].primary);
}

/* What a stuck thread holds and waits for. */
static void add_thread(struct finding *f, struct mark_list *list, const struct thread *t)
{
    const struct wait *w = t->waits;

    for (size_t i = 0; i < t->hold_count && list->count < MAX_DERIVED; i++)
        add_mark(f, list, &t->holds[i].stack,
                 pool_printf(&f->pool, "%s took %s here", finding_thread_name(f, t->id),
                             finding_object_name(f, t->holds[i].object)),
                 false);
    if (w != NULL && list->count < MAX_DERIVED)
        add_mark(f, list, &w->stack,
                 pool_printf(&f->pool, "%s %s", finding_thread_name(f, t->id), word_wait(f, w)),
                 true);
}

static void rank_files(struct mark_list *list)
{
    size_t next = 1;

    for (size_t i = 0; i < list->count; i++) {
        struct mark *m = &list->marks[i];

        m->file_rank = SIZE_MAX;
        if (m->source == NULL)
            continue;
        for (size_t k = 0; k < i; k++)
            if (list->marks[k].source != NULL &&
                strcmp(list->marks[k].frame->file, m->frame->file) == 0)
                m->file_rank = list->marks[k].file_rank;
        if (m->file_rank == SIZE_MAX)
            m->file_rank = next++;
    }
    for (size_t i = 0; i < list->count; i++) {
        size_t rank = list->marks[i].file_rank;

        if (!list->marks[i].primary || rank == SIZE_MAX)
            continue;
        for (size_t k = 0; k < list->count; k++)
            if (list->marks[k].file_rank == rank)
                list->marks[k].file_rank = 0;
        return;
    }
}

static int by_place(const void *a, const void *b)
{
    const struct mark *left = a, *right = b;

    if (left->file_rank != right->file_rank)
        return left->file_rank < right->file_rank ? -1 : 1;
    if (left->source == NULL)
        return 0;
    if (left->frame->line != right->frame->line)
        return left->frame->line - right->frame->line;
    /* Of two marks on one call the main one draws the carets. */
    return left->start != right->start ? left->start - right->start
                                       : right->primary - left->primary;
}

struct mark_list marks_of(struct finding *f)
{
    struct mark_list list = {.count = 0};
    size_t most = f->place_count > MAX_DERIVED ? f->place_count : MAX_DERIVED;

    list.marks = pool_array(&f->pool, most + 1, sizeof(*list.marks));
    add_places(f, &list);
    for (size_t i = 0; f->place_count == 0 && i < f->thread_count; i++)
        if (f->threads[i].part)
            add_thread(f, &list, &f->threads[i]);
    rank_files(&list);
    if (list.count > 0)
        qsort(list.marks, list.count, sizeof(*list.marks), by_place);
    return list;
}

const struct mark *marks_newer_source(const struct mark_list *list)
{
    struct stat source, program;

    for (size_t i = 0; i < list->count; i++) {
        const struct frame *frame = list->marks[i].frame;

        if (list->marks[i].source != NULL && frame->module != NULL &&
            stat(frame->file, &source) == 0 && stat(frame->module, &program) == 0 &&
            source.st_mtime > program.st_mtime)
            return &list->marks[i];
    }
    return NULL;
}
