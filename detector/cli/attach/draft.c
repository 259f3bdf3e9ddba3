/* SPDX-License-Identifier: MIT */
/*
 * draft.c - a look's threads, objects and stacks as a raw finding
 *
 * The finding is what the library would have written had it been there: addresses and placeholders,
 * made into names and lines by the same steps. Two things it cannot tell: since when a thread
 * waits, and where a lock was taken.
 */
#include "detector/cli/attach/draft.h"

#include <stdlib.h>
#include <string.h>

static int number_of(size_t thread)
{
    return (int)thread + 1;
}

/* Frames from `from` on. All but the innermost are return addresses; so is that of a system call. */
static struct stack stack_from(const struct draft *d, size_t thread, size_t from)
{
    const struct image_thread *t = &d->look->image->threads[thread];
    struct stack s = {.count = from < t->frame_count ? t->frame_count - from : 0};

    s.frames = pool_array(&d->finding->pool, s.count, sizeof(*s.frames));
    for (size_t i = 0; i < s.count; i++)
        s.frames[i].address = t->frames[from + i].pc + (from + i == 0 && t->call < 0);
    return s;
}

static const char *own_text(const struct draft *d, const char *text)
{
    return text == NULL ? NULL : pool_copy(&d->finding->pool, text);
}

static int object_number(const struct draft *d, uint64_t address)
{
    for (size_t i = 0; i < d->finding->object_count; i++)
        if (address != 0 && d->finding->objects[i].address == address)
            return d->finding->objects[i].id;
    return 0;
}

int draft_object(const struct draft *d, size_t i)
{
    return object_number(d, d->look->waits[i].object);
}

static bool in_a_module(const struct finding *f, uint64_t address)
{
    for (size_t i = 0; i < f->module_count; i++)
        if (address >= f->modules[i].start && address < f->modules[i].end)
            return true;
    return false;
}

static void add_object(struct draft *d, const struct waiting *w)
{
    struct finding *f = d->finding;

    if (w->object == 0 || object_number(d, w->object) != 0)
        return;
    f->objects[f->object_count] = (struct object){.id = (int)f->object_count + 1,
                                                  .kind = w->kind,
                                                  .name = own_text(d, w->name),
                                                  .memory = in_a_module(f, w->object) ? "static"
                                                                                      : "heap",
                                                  .address = w->object,
                                                  .capacity = -1,
                                                  .sent = -1,
                                                  .received = -1,
                                                  .tasks = -1};
    f->object_count++;
}

static struct wait *wait_of(const struct draft *d, size_t i)
{
    const struct waiting *w = &d->look->waits[i];
    struct pool *pool = &d->finding->pool;
    struct wait *wait;

    if (w->operation == NULL)
        return NULL;
    wait = pool_array(pool, 1, sizeof(*wait));
    *wait = (struct wait){.operation = w->operation,
                          .object = draft_object(d, i),
                          .timed = w->timed,
                          .detail = own_text(d, w->detail),
                          .stack = stack_from(d, i, w->caller)};
    if (w->owner_state == OWNER_ENDED)
        wait->detail = pool_printf(pool, "thread %d, which has ended", w->owner_tid);
    if (w->owner_state == OWNER_FORKED)
        wait->detail = pool_printf(pool, "thread %d of the parent process", w->owner_tid);
    if (w->owner == NO_THREAD)
        return wait;
    wait->for_threads = pool_array(pool, 1, sizeof(int));
    wait->for_threads[0] = number_of(w->owner);
    wait->for_count = 1;
    return wait;
}

/* What others wait for, and thread i has. */
static void add_holds(const struct draft *d, struct thread *t, size_t i)
{
    const struct look *look = d->look;

    t->holds = pool_array(&d->finding->pool, d->finding->object_count, sizeof(*t->holds));
    for (size_t k = 0; k < look->image->thread_count; k++) {
        int object = look->waits[k].owner == i ? draft_object(d, k) : 0;
        bool known = object == 0;

        for (size_t h = 0; h < t->hold_count; h++)
            known = known || t->holds[h].object == object;
        if (!known)
            t->holds[t->hold_count++] = (struct hold){.object = object, .mode = "exclusive"};
    }
}

static const char *state_of(const struct waiting *w)
{
    if (w->end == HAS_ENDED && !w->ours)
        return "exited";
    return w->operation == NULL ? "running" : "blocked";
}

/* A name that the program gave: by default a thread is called like its process. */
static const char *given_name(const struct draft *d, size_t i)
{
    const char *name = d->look->image->threads[i].name;

    if (d->look->waits[i].ours)
        return "gridlock";
    return i == 0 || name == NULL || strcmp(name, d->look->image->process) == 0 ? NULL
                                                                                : own_text(d, name);
}

static void add_thread(const struct draft *d, struct thread *t, size_t i, bool part)
{
    *t = (struct thread){.id = number_of(i),
                         .tid = d->look->image->threads[i].tid,
                         .name = given_name(d, i),
                         .state = state_of(&d->look->waits[i]),
                         .part = part,
                         .stack = stack_from(d, i, 0),
                         .waits = wait_of(d, i)};
    add_holds(d, t, i);
}

static void copy_modules(struct finding *f, const struct image *image)
{
    f->module_count = image->module_count;
    f->modules = pool_array(&f->pool, f->module_count, sizeof(*f->modules));
    for (size_t i = 0; i < f->module_count; i++) {
        f->modules[i] = image->modules[i];
        f->modules[i].path = pool_copy(&f->pool, image->modules[i].path);
    }
}

struct draft draft_begin(const struct look *look, const char *name, const char *severity,
                         size_t *order, size_t count, size_t part)
{
    const struct image *image = look->image;
    struct draft d = {.finding = calloc(1, sizeof(*d.finding)), .look = look, .order = order};
    struct finding *f = d.finding;

    if (f == NULL)
        return d;
    f->raw = true;
    f->pid = image->pid;
    f->process = own_text(&d, image->process);
    f->name = name;
    f->severity = severity;
    f->confidence = "certain";
    f->message = "";
    copy_modules(f, image);
    f->objects = pool_array(&f->pool, count, sizeof(*f->objects));
    for (size_t i = 0; i < count; i++)
        add_object(&d, &look->waits[order[i]]);
    f->thread_count = count;
    f->threads = pool_array(&f->pool, count, sizeof(*f->threads));
    for (size_t i = 0; i < count; i++)
        add_thread(&d, &f->threads[i], order[i], i < part);
    f->places = pool_array(&f->pool, part, sizeof(*f->places));
    return d;
}

const char *draft_names(const struct draft *d, const size_t *threads, size_t count)
{
    struct pool *pool = &d->finding->pool;
    const char *text = "";

    if (count > 3)
        return pool_printf(pool, "%zu threads", count);
    for (size_t i = 0; i < count; i++)
        text = pool_printf(pool, "%s%s{thread:%d}", text,
                           i == 0           ? ""
                           : i + 1 == count ? " and "
                                            : ", ",
                           number_of(threads[i]));
    return text;
}

void draft_place(struct draft *d, size_t i, bool primary, const char *text)
{
    struct finding *f = d->finding;

    f->places[f->place_count++] = (struct place){
        .thread = number_of(i),
        .text = text,
        .primary = primary,
        .stack = stack_from(d, i, d->look->waits[i].caller)};
}
