/* SPDX-License-Identifier: MIT */
/*
 * html_stacks.c - how did the threads come where they are? each stack whole, all of them folded
 *
 * 1. What each thread took and waits for; in a snapshot, where it is. Without any such, the turns;
 *    without turns, the places.
 * 2. Where each thread was started, and each object was first seen or made.
 */
#include "detector/cli/render/html/html_stacks.h"

#include <inttypes.h>
#include <string.h>

#include "detector/cli/base/path.h"
#include "detector/cli/names/wording.h"
#include "detector/cli/render/html/html.h"

struct stacks {
    FILE *page;
    struct finding *finding;
    bool verbose;
    size_t count; /* 0: the fold is not yet open */
};

static void put_frame(FILE *page, const struct frame *frame)
{
    html_put(page, "<li class=\"%s\"><code>%s%s</code>", frame->hidden ? "hidden-frame" : "frame",
             frame->function != NULL ? frame->function : "?", frame->function != NULL ? "()" : "");
    if (frame->file != NULL && frame->line > 0) {
        html_put(page, " <span class=\"at\">%s:%d</span>", path_short(frame->file), frame->line);
    } else if (frame->module != NULL) {
        char offset[32];

        snprintf(offset, sizeof(offset), "0x%" PRIx64, frame->offset);
        html_put(page, " <span class=\"at\">%s+%s</span>", path_base(frame->module), offset);
    }
    fputs("</li>\n", page);
}

static bool is_shown(const struct stacks *s, const struct frame *frame)
{
    return s->verbose || !frame->hidden;
}

static size_t count_shown(const struct stacks *s, const struct stack *stack)
{
    size_t count = 0;

    for (size_t i = 0; i < stack->count; i++)
        count += is_shown(s, &stack->frames[i]);
    return count;
}

static void put_stack(struct stacks *s, const char *who, const char *what,
                      const struct stack *stack)
{
    if (count_shown(s, stack) == 0)
        return;
    if (s->count++ == 0)
        fputs("<details class=\"fold stacks\"><summary>Stacks</summary>\n", s->page);
    html_put(s->page,
             "<details><summary><b>%s</b> %s <span class=\"at\">%s</span></summary>\n<ol>\n", who,
             what, word_place(s->finding, stack_own_frame(stack)));
    for (size_t i = 0; i < stack->count; i++)
        if (is_shown(s, &stack->frames[i]))
            put_frame(s->page, &stack->frames[i]);
    fputs("</ol></details>\n", s->page);
}

static void put_holds_and_waits(struct stacks *s, const struct thread *t)
{
    struct finding *f = s->finding;

    for (size_t i = 0; i < t->hold_count; i++)
        put_stack(s, t->name,
                  pool_printf(&f->pool, "took %s", finding_object_name(f, t->holds[i].object)),
                  &t->holds[i].stack);
    if (t->waits != NULL)
        put_stack(s, t->name, pool_printf(&f->pool, "waits: %s", word_blocked(f, t->waits)),
                  &t->waits->stack);
    else if (finding_is_snapshot(f))
        put_stack(s, t->name, "is here", &t->stack);
}

static void put_turns(struct stacks *s)
{
    struct finding *f = s->finding;

    for (size_t i = 0; i < f->step_count; i++) {
        const struct step *step = &f->steps[i];

        put_stack(s, finding_thread_name(f, step->thread),
                  word_operation(f, step->operation, step->object, &step->waits_for,
                                 step->waits_for != 0),
                  &step->stack);
    }
}

static void put_places(struct stacks *s)
{
    struct finding *f = s->finding;

    for (size_t i = 0; i < f->place_count; i++)
        put_stack(s, f->places[i].thread == 0 ? "" : finding_thread_name(f, f->places[i].thread),
                  f->places[i].text, &f->places[i].stack);
}

static void put_births(struct stacks *s)
{
    struct finding *f = s->finding;

    for (size_t i = 0; i < f->thread_count; i++) {
        const struct thread *t = &f->threads[i];
        const char *by = finding_thread(f, t->created_by) == NULL
                             ? ""
                             : pool_printf(&f->pool, " by %s",
                                           finding_thread_name(f, t->created_by));

        put_stack(s, t->name, pool_printf(&f->pool, "was started%s", by), &t->created_at);
    }
    for (size_t i = 0; i < f->object_count; i++) {
        const struct object *o = &f->objects[i];
        bool is_made = strcmp(o->kind, "channel") == 0 || strcmp(o->kind, "context") == 0;

        put_stack(s, finding_object_name(f, o->id), is_made ? "was made" : "was first used",
                  &o->seen_at);
    }
}

void html_stacks(FILE *page, struct finding *f, bool verbose)
{
    struct stacks s = {.page = page, .finding = f, .verbose = verbose};

    for (size_t i = 0; i < f->thread_count; i++)
        put_holds_and_waits(&s, &f->threads[i]);
    if (s.count == 0)
        put_turns(&s);
    if (s.count == 0)
        put_places(&s);
    put_births(&s);
    if (s.count > 0)
        fputs("</details>\n", page);
}
