/* SPDX-License-Identifier: MIT */
/*
 * object_text.c - what do the source lines call this object?
 *
 * 1. Visit every place of the finding where it was taken, waited for, or first seen.
 * 2. There, the text is the argument of the call (`from->lock`).
 * 3. If the function around is only a wrapper (`mutex_lock(struct mutex *self)`), its own name for
 *    the object says nothing: ask the line that called the wrapper.
 * 4. A finding about one object alone may tell of it only in its places. Not every place is a call
 *    on the object (`free(node)`): only those count whose call is one of synchronisation.
 * What the runtime has (channels, ...) is not asked by kind but by operation: handle_text.c.
 */
#include "detector/cli/names/object_text.h"

#include <string.h>

#include "detector/cli/base/source.h"
#include "detector/cli/names/call_site.h"
#include "detector/cli/names/handle_text.h"
#include "detector/cli/names/wrapper.h"

static const char *const call_words[] = {"lock",    "mutex_", "cond_", "sem_", "barrier_",
                                         "notify_", "wait",   "mtx_",  "cnd_", "spin_"};

static bool is_about_locks(const char *name)
{
    for (size_t i = 0; i < sizeof(call_words) / sizeof(call_words[0]); i++)
        if (strstr(name, call_words[i]) != NULL)
            return true;
    return false;
}

static const char *text_at(struct finding *f, const struct frame *frame, const char *callee,
                           const char *kind)
{
    const char *line = source_line(frame->file, frame->line);
    struct call call;

    if (line == NULL || !call_find(line, callee, frame->column, &call))
        return NULL;
    return call_object_text(&f->pool, line, &call, kind);
}

static bool is_synchronisation(struct finding *f, const struct stack *s)
{
    const struct frame *own = stack_own_frame(s);
    const char *line = own == NULL ? NULL : source_line(own->file, own->line);
    struct call call;

    return line != NULL &&
           call_find(line, stack_callee(&f->pool, s, (size_t)(own - s->frames)), own->column,
                     &call) &&
           is_about_locks(
               pool_copy_n(&f->pool, line + call.whole.start, call.name.end - call.whole.start));
}

static const char *text_of_stack(struct finding *f, const struct stack *s, const char *kind)
{
    size_t at = stack_next_visible(s, 0);
    const char *text = NULL;

    for (int level = 0; level < 3 && at < s->count; level++) {
        const struct frame *frame = &s->frames[at];
        const char *here = text_at(f, frame, stack_callee(&f->pool, s, at), kind);

        if (here == NULL)
            break;
        text = here;
        if (!may_be_wrapper(frame->function))
            break;
        at = stack_next_visible(s, at + 1);
    }
    return text;
}

static void add_text(struct text_list *list, const char *text)
{
    if (text == NULL || list->count == MAX_TEXTS)
        return;
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->texts[i], text) == 0)
            return;
    list->texts[list->count++] = text;
}

static void add_cases(struct finding *f, const struct wait *w, int object, struct text_list *list)
{
    for (size_t i = 0; i < w->case_count; i++)
        if (w->cases[i].object == object)
            add_text(list, handle_case_text(f, &w->stack, i, w->case_count));
}

void handle_texts(struct finding *f, const struct object *o, struct text_list *list)
{
    for (size_t i = 0; i < f->thread_count; i++) {
        const struct wait *w = f->threads[i].waits;

        if (w != NULL && w->object == o->id)
            add_text(list, handle_text_at(f, &w->stack, w->operation));
        if (w != NULL)
            add_cases(f, w, o->id, list);
    }
    for (size_t i = 0; i < f->step_count; i++)
        if (f->steps[i].object == o->id)
            add_text(list, handle_text_at(f, &f->steps[i].stack, f->steps[i].operation));
    if (strcmp(o->kind, "waitgroup") == 0)
        add_text(list, handle_text_at(f, &o->seen_at, NULL));
    for (size_t i = 0; f->object_count == 1 && i < f->place_count; i++)
        add_text(list, handle_text_at(f, &f->places[i].stack, NULL));
}

void object_texts(struct finding *f, const struct object *o, struct text_list *list)
{
    for (size_t i = 0; i < f->thread_count; i++)
        for (size_t k = 0; k < f->threads[i].hold_count; k++)
            if (f->threads[i].holds[k].object == o->id)
                add_text(list, text_of_stack(f, &f->threads[i].holds[k].stack, o->kind));
    for (size_t i = 0; i < f->thread_count; i++)
        if (f->threads[i].waits != NULL && f->threads[i].waits->object == o->id)
            add_text(list, text_of_stack(f, &f->threads[i].waits->stack, o->kind));
    for (size_t i = 0; i < f->step_count; i++)
        if (f->steps[i].object == o->id)
            add_text(list, text_of_stack(f, &f->steps[i].stack, o->kind));
    add_text(list, text_of_stack(f, &o->seen_at, o->kind));
    for (size_t i = 0; f->object_count == 1 && i < f->place_count; i++)
        if (is_synchronisation(f, &f->places[i].stack))
            add_text(list, text_of_stack(f, &f->places[i].stack, o->kind));
}
