/* SPDX-License-Identifier: MIT */
/*
 * turns.c - what does each turn of an interleaving do, and what does it leave behind?
 *
 * 1. A step blocks its thread if it names whom it waits for; or if it is the thread's last, and the
 *    finding says that the thread is stuck in just this operation.
 * 2. A step that takes a lock and does not block holds it from then on, until it gives it back.
 * 3. What a stuck thread holds that no step took, it held from the beginning. What it took and does
 *    not hold any more when it waits at a condition, the condition has given back.
 */
#include "detector/cli/render/turns.h"

#include <stdlib.h>
#include <string.h>

#include "detector/cli/names/wording.h"

void turns_sort(struct finding *f)
{
    for (size_t i = 1; i < f->step_count; i++) {
        struct step moving = f->steps[i];
        size_t at = i;

        for (; at > 0 && f->steps[at - 1].turn > moving.turn; at--)
            f->steps[at] = f->steps[at - 1];
        f->steps[at] = moving;
    }
}

const char *turns_heading(const struct finding *f)
{
    return strcmp(f->confidence, "possible") == 0 ? "It hangs when the turns fall like this:"
                                                  : "An order of turns that leads here:";
}

static bool has(const struct int_list *list, int item)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i] == item)
            return true;
    return false;
}

static void add(struct int_list *list, int item)
{
    if (!has(list, item))
        list->items[list->count++] = item;
}

static void drop(struct int_list *list, int item)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++)
        if (list->items[i] != item)
            list->items[kept++] = list->items[i];
    list->count = kept;
}

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

struct int_list turns_threads(struct finding *f)
{
    struct int_list list = {.items = pool_array(&f->pool, f->step_count, sizeof(int))};

    for (size_t i = 0; i < f->step_count; i++)
        add(&list, f->steps[i].thread);
    if (list.count > 0)
        qsort(list.items, list.count, sizeof(list.items[0]), by_number);
    return list;
}

const char *turn_action(struct finding *f, const struct step *s)
{
    return word_operation(f, s->operation, s->object, &s->waits_for, s->waits_for != 0);
}

const char *turn_wait(struct finding *f, const struct step *s)
{
    return s->waits_for == 0
               ? ""
               : pool_printf(&f->pool, "waits for %s", finding_thread_name(f, s->waits_for));
}

static bool is_last_of_thread(const struct finding *f, const struct step *s)
{
    for (const struct step *later = s + 1; later < f->steps + f->step_count; later++)
        if (later->thread == s->thread)
            return false;
    return true;
}

const struct wait *turn_last_wait(const struct finding *f, const struct step *s)
{
    const struct thread *t = finding_thread(f, s->thread);
    const struct wait *w = t == NULL ? NULL : t->waits;

    return w != NULL && t->doomed && is_last_of_thread(f, s) && w->object == s->object &&
                   strcmp(w->operation, s->operation) == 0
               ? w
               : NULL;
}

bool turn_blocks(const struct finding *f, const struct step *s)
{
    return s->waits_for != 0 || turn_last_wait(f, s) != NULL;
}

static bool takes(const struct finding *f, const struct step *s)
{
    return !turn_blocks(f, s) && s->object != 0 &&
           (is_owner_wait(s->operation) || strcmp(s->operation, "trylock") == 0) &&
           strcmp(s->operation, "once") != 0;
}

static bool is_taken_by_a_step(const struct finding *f, int thread, int object)
{
    for (size_t i = 0; i < f->step_count; i++)
        if (f->steps[i].thread == thread && f->steps[i].object == object && takes(f, &f->steps[i]))
            return true;
    return false;
}

static bool holds_at_the_end(const struct thread *t, int object)
{
    for (size_t i = 0; i < t->hold_count; i++)
        if (t->holds[i].object == object)
            return true;
    return false;
}

/* Waiting at a condition gives its mutex back: which one that was shows in what is left. */
static void keep_what_is_left(struct int_list *list, const struct thread *t)
{
    for (size_t i = list->count; i-- > 0;)
        if (!holds_at_the_end(t, list->items[i]))
            drop(list, list->items[i]);
}

struct int_list turn_holds(struct finding *f, const struct step *s)
{
    const struct thread *t = finding_thread(f, s->thread);
    size_t before = t == NULL ? 0 : t->hold_count;
    struct int_list list = {.items = pool_array(&f->pool, before + f->step_count, sizeof(int))};

    for (size_t i = 0; i < before; i++)
        if (!is_taken_by_a_step(f, s->thread, t->holds[i].object))
            add(&list, t->holds[i].object);
    for (const struct step *step = f->steps; step <= s; step++) {
        if (step->thread != s->thread)
            continue;
        if (takes(f, step))
            add(&list, step->object);
        else if (strcmp(step->operation, "unlock") == 0)
            drop(&list, step->object);
    }
    if (turn_last_wait(f, s) != NULL && strcmp(s->operation, "cond-wait") == 0)
        keep_what_is_left(&list, t);
    return list;
}

bool turns_end_stuck(struct finding *f)
{
    struct int_list threads = turns_threads(f);

    for (size_t i = 0; i < f->step_count; i++)
        if (turn_blocks(f, &f->steps[i]) && is_last_of_thread(f, &f->steps[i]))
            drop(&threads, f->steps[i].thread);
    return f->step_count > 0 && threads.count == 0;
}
