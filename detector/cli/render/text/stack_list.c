/* SPDX-License-Identifier: MIT */
/*
 * stack_list.c - how the threads of a finding came where they are
 *
 * 1. The sites are where the stuck threads took and wait for their locks; without stuck threads the
 *    steps of the scenario; without a scenario the places. Of a snapshot, where all threads are.
 * 2. What the report has said already is the line itself. What is new is who called: sites in the
 *    same function with the same callers are one entry, and a site without callers is none.
 * 3. Last, where a thread without a name of its own was made.
 */
#include "detector/cli/render/text/stack_list.h"

#include <inttypes.h>
#include <string.h>

#include "detector/cli/base/path.h"
#include "detector/cli/names/wording.h"

enum { INDENT = 5, MAX_SITES = 12, MAX_CALLERS = 12 };

struct site {
    int *threads; /* who came here this way */
    size_t thread_count;
    const char *callers;
    const struct stack *stack;
};

struct site_list {
    struct finding *finding;
    struct site *sites;
    size_t count, most; /* of a snapshot so many as it has threads */
    bool verbose;
};

/* `transfer(), called by both_ways() bank.c:40, main() bank.c:71`; NULL if nobody is known. */
static const char *callers_text(struct finding *f, const struct stack *s)
{
    const struct frame *own = stack_own_frame(s);
    const char *text = NULL;
    size_t shown = 0;

    for (size_t i = own == NULL ? 0 : (size_t)(own - s->frames); i < s->count; i++) {
        const struct frame *frame = &s->frames[i];
        const char *name = frame->function != NULL ? frame->function : "?";

        if (frame == own) {
            text = pool_printf(&f->pool, "%s()", name);
            continue;
        }
        if (frame->hidden)
            continue;
        if (shown++ == MAX_CALLERS)
            return pool_printf(&f->pool, "%s, ...", text);
        text = pool_printf(&f->pool, "%s, %s%s%s", text, shown == 1 ? "called by " : "",
                           frame->file == NULL ? "" : pool_printf(&f->pool, "%s() ", name),
                           word_place(f, frame));
    }
    return shown == 0 ? NULL : text;
}

/* Without thread 0, which is none, and nobody twice. */
static void add_to_site(struct site *site, int thread)
{
    for (size_t i = 0; i < site->thread_count; i++)
        if (site->threads[i] == thread)
            return;
    if (thread != 0)
        site->threads[site->thread_count++] = thread;
}

static struct site *new_site(struct site_list *list, const char *callers, const struct stack *s)
{
    struct site *site = &list->sites[list->count++];

    *site = (struct site){.callers = callers, .stack = s};
    site->threads = pool_array(&list->finding->pool, list->finding->thread_count + 1,
                               sizeof(*site->threads));
    return site;
}

static void add_site(struct site_list *list, int thread, const struct stack *s)
{
    const char *callers = callers_text(list->finding, s);

    if (s->count == 0 || (callers == NULL && !list->verbose))
        return;
    for (size_t i = 0; i < list->count; i++) {
        if (!list->verbose && strcmp(list->sites[i].callers, callers) == 0) {
            add_to_site(&list->sites[i], thread);
            return;
        }
    }
    if (list->count < list->most)
        add_to_site(new_site(list, callers, s), thread);
}

static void add_thread(struct site_list *list, const struct thread *t)
{
    for (size_t i = 0; i < t->hold_count; i++)
        add_site(list, t->id, &t->holds[i].stack);
    if (t->waits != NULL)
        add_site(list, t->id, &t->waits->stack);
}

/* Whoever has no name of its own is known by where it was made. */
static void add_birth(struct site_list *list, const struct thread *t)
{
    struct finding *f = list->finding;
    const struct frame *where = stack_own_frame(&t->created_at);
    const char *parent = "", *function = "";

    if (list->count == list->most || where == NULL ||
        (!list->verbose && strncmp(t->name, "thread-", 7) != 0))
        return;
    if (finding_thread(f, t->created_by) != NULL)
        parent = pool_printf(&f->pool, "by %s, ", finding_thread_name(f, t->created_by));
    if (where->function != NULL && where->file != NULL)
        function = pool_printf(&f->pool, "%s() ", where->function);
    add_to_site(
        new_site(list,
                 pool_printf(&f->pool, "made %sin %s%s", parent, function, word_place(f, where)),
                 &t->created_at),
        t->id);
}

/* Where a thread of a snapshot is: with libc's own frames if all are asked for. */
static const struct stack *whole_stack(const struct site_list *list, const struct thread *t)
{
    return t->waits != NULL && !list->verbose ? &t->waits->stack : &t->stack;
}

static void collect(struct site_list *list)
{
    struct finding *f = list->finding;
    bool stuck = finding_is_snapshot(f);

    for (size_t i = 0; stuck && i < f->thread_count; i++)
        add_site(list, f->threads[i].id, whole_stack(list, &f->threads[i]));
    for (size_t i = 0; i < f->thread_count; i++) {
        stuck = stuck || f->threads[i].part;
        if (f->threads[i].part)
            add_thread(list, &f->threads[i]);
    }
    for (size_t i = 0; !stuck && i < f->step_count; i++)
        add_site(list, f->steps[i].thread, &f->steps[i].stack);
    for (size_t i = 0; !stuck && f->step_count == 0 && i < f->place_count; i++)
        add_site(list, f->places[i].thread, &f->places[i].stack);
    for (size_t i = 0; i < f->thread_count; i++)
        add_birth(list, &f->threads[i]);
}

static void print_frames(struct out *out, struct finding *f, const struct stack *s)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct frame *frame = &s->frames[i];

        out_tab(out, INDENT + 4, 0);
        out_printf(out, frame->hidden ? DIM : PLAIN, "#%zu %s  %s  (%s+0x%" PRIx64 ")\n", i,
                   frame->function != NULL ? frame->function : "?", word_place(f, frame),
                   frame->module != NULL ? path_base(frame->module) : "?", frame->offset);
    }
}

static const char *who(const struct site_list *list, const struct site *site)
{
    struct finding *f = list->finding;

    if (site->thread_count > 3)
        return pool_printf(&f->pool, "%s and %zu others", finding_thread_name(f, site->threads[0]),
                           site->thread_count - 1);
    return word_threads(f, site->threads, site->thread_count);
}

static int widest_name(const struct site_list *list)
{
    int widest = 0;

    for (size_t i = 0; i < list->count; i++) {
        int width = text_width(who(list, &list->sites[i]));

        widest = width > widest && width <= 40 ? width : widest;
    }
    return widest;
}

void stack_list_print(struct out *out, struct finding *f, bool verbose)
{
    size_t most = finding_is_snapshot(f) ? f->thread_count : MAX_SITES;
    struct site_list list = {
        .finding = f,
        .verbose = verbose,
        .sites = pool_array(&f->pool, most, sizeof(struct site)),
        .most = most,
    };
    int column;

    collect(&list);
    if (list.count == 0)
        return;
    column = INDENT + widest_name(&list) + 3;
    out_text(out, PLAIN, "  How they came there:\n\n");
    for (size_t i = 0; i < list.count; i++) {
        const struct site *site = &list.sites[i];

        out_tab(out, INDENT, 0);
        out_text(out, BOLD, who(&list, site));
        out_tab(out, column, site->thread_count > 0);
        out_wrapped(out, PLAIN, column + 4, site->callers != NULL ? site->callers : "");
        out_text(out, PLAIN, "\n");
        if (verbose)
            print_frames(out, f, site->stack);
    }
    out_text(out, PLAIN, "\n");
}
