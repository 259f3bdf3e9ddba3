/* SPDX-License-Identifier: MIT */
/*
 * finding.c - questions about one finding that every renderer asks
 */
#include "detector/cli/finding/finding.h"

#include <stdlib.h>
#include <string.h>

#include "detector/cli/base/source.h"

void finding_free(struct finding *f)
{
    if (f == NULL)
        return;
    pool_free(&f->pool);
    free(f);
}

struct thread *finding_thread(const struct finding *f, int id)
{
    for (size_t i = 0; i < f->thread_count; i++)
        if (f->threads[i].id == id)
            return &f->threads[i];
    return NULL;
}

struct object *finding_object(const struct finding *f, int id)
{
    for (size_t i = 0; i < f->object_count; i++)
        if (f->objects[i].id == id)
            return &f->objects[i];
    return NULL;
}

const char *finding_thread_name(const struct finding *f, int id)
{
    const struct thread *t = finding_thread(f, id);

    if (t != NULL && t->name != NULL)
        return t->name;
    return "another thread";
}

const char *finding_object_name(const struct finding *f, int id)
{
    const struct object *o = finding_object(f, id);

    if (o != NULL && o->name != NULL)
        return o->name;
    return "an unknown object";
}

bool finding_is(const struct finding *f, const char *severity)
{
    return strcmp(f->severity, severity) == 0;
}

bool finding_is_snapshot(const struct finding *f)
{
    return strcmp(f->name, "snapshot") == 0;
}

bool object_is_handle(const struct object *o)
{
    return strcmp(o->kind, "channel") == 0 || strcmp(o->kind, "waitgroup") == 0 ||
           strcmp(o->kind, "context") == 0;
}

bool wait_is_at_channel(const struct wait *w)
{
    return w->nil || strcmp(w->operation, "send") == 0 || strcmp(w->operation, "receive") == 0 ||
           strcmp(w->operation, "select") == 0;
}

bool thread_is_gone(const struct thread *t)
{
    return strcmp(t->state, "exited") == 0;
}

void finding_each_stack(const struct finding *f, void (*visit)(struct stack *, void *), void *data)
{
    for (size_t i = 0; i < f->place_count; i++)
        visit(&f->places[i].stack, data);
    for (size_t i = 0; i < f->step_count; i++)
        visit(&f->steps[i].stack, data);
    for (size_t i = 0; i < f->thread_count; i++) {
        struct thread *t = &f->threads[i];

        for (size_t k = 0; k < t->hold_count; k++)
            visit(&t->holds[k].stack, data);
        if (t->waits != NULL)
            visit(&t->waits->stack, data);
        visit(&t->stack, data);
        visit(&t->created_at, data);
    }
    for (size_t i = 0; i < f->object_count; i++)
        visit(&f->objects[i].seen_at, data);
}

struct file_search {
    const char *file;
    bool several;
};

static void compare_file(struct stack *s, void *data)
{
    struct file_search *search = data;
    const struct frame *own = stack_own_frame(s);

    if (own == NULL)
        return;
    if (own->file == NULL || (search->file != NULL && strcmp(search->file, own->file) != 0))
        search->several = true;
    search->file = own->file;
}

const char *finding_only_file(const struct finding *f)
{
    struct file_search search = {NULL, false};

    finding_each_stack(f, compare_file, &search);
    return search.several ? NULL : search.file;
}

/* How much a reader can do with a frame. A line whose source is here is most likely the user's own;
 * libraries may have debug information, but rarely their source. */
static int usefulness(const struct frame *frame)
{
    if (frame->hidden)
        return 0;
    if (frame->file == NULL || frame->line <= 0)
        return 1;
    return source_line(frame->file, frame->line) == NULL ? 2 : 3;
}

const struct frame *stack_own_frame(const struct stack *s)
{
    const struct frame *best = s->count > 0 ? &s->frames[0] : NULL;

    for (size_t i = 0; i < s->count; i++)
        if (usefulness(&s->frames[i]) > usefulness(best))
            best = &s->frames[i];
    return best;
}

size_t stack_next_visible(const struct stack *s, size_t at)
{
    while (at < s->count && s->frames[at].hidden)
        at++;
    return at;
}

const char *stack_callee(struct pool *pool, const struct stack *s, size_t at)
{
    const char *name = at == 0 ? NULL : s->frames[at - 1].function;
    const char *last = name;

    if (name == NULL)
        return NULL;
    for (const char *p = name; *p != '\0' && *p != '<'; p++)
        if (p[0] == ':' && p[1] == ':')
            last = p + 2;
    return pool_copy_n(pool, last, strcspn(last, "<"));
}

static const struct frame *waiting_frame(const struct finding *f)
{
    for (size_t i = 0; i < f->thread_count; i++)
        if (f->threads[i].part && f->threads[i].waits != NULL)
            return stack_own_frame(&f->threads[i].waits->stack);
    return NULL;
}

const struct frame *finding_primary(const struct finding *f)
{
    const struct frame *found = NULL;

    if (finding_is_snapshot(f))
        return NULL;
    for (size_t i = 0; found == NULL && i < f->place_count; i++)
        if (f->places[i].primary)
            found = stack_own_frame(&f->places[i].stack);
    if (found == NULL)
        found = waiting_frame(f);
    for (size_t i = 0; found == NULL && i < f->place_count; i++)
        found = stack_own_frame(&f->places[i].stack);
    for (size_t i = f->step_count; found == NULL && i-- > 0;)
        found = stack_own_frame(&f->steps[i].stack);
    for (size_t i = 0; found == NULL && i < f->thread_count; i++)
        found = stack_own_frame(&f->threads[i].stack);
    for (size_t i = 0; found == NULL && i < f->object_count; i++)
        found = stack_own_frame(&f->objects[i].seen_at);
    return found;
}

struct stack_search {
    const struct frame *frame;
    const struct stack *found;
};

static void look_for_frame(struct stack *s, void *data)
{
    struct stack_search *search = data;

    if (search->frame >= s->frames && search->frame < s->frames + s->count)
        search->found = s;
}

const struct stack *finding_stack_with(const struct finding *f, const struct frame *frame)
{
    struct stack_search search = {.frame = frame};

    if (frame != NULL)
        finding_each_stack(f, look_for_frame, &search);
    return search.found;
}
