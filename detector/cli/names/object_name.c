/* SPDX-License-Identifier: MIT */
/*
 * object_name.c - what to call the locks and channels of a finding
 *
 * 1. The name that the program gave.
 * 2. A static object: its variable with member and index, `accounts[1].lock`; without debug
 *    information the symbol, `accounts+40`.
 * 3. The text in a source line where it was taken: `from->lock`. A text that means another object at
 *    another line of the same finding is used only if there is no better one.
 * 4. Its number, and where it was made or first seen: `mutex #3 (bank.c:12)`.
 * A channel or a context lies on the heap, and goes by other names here than there: its name is the
 * variable it was put into where it was made, with the function's name where two would share it.
 * Objects that still share a name are told apart: `from->lock (#1)`, `from->lock (#2)`.
 */
#include "detector/cli/names/object_name.h"

#include <string.h>

#include "detector/cli/base/path.h"
#include "detector/cli/names/handle_text.h"
#include "detector/cli/names/object_text.h"
#include "detector/cli/names/symbolise.h"
#include "detector/cli/names/wording.h"
#include "detector/cli/symbols/demangle.h"
#include "detector/cli/symbols/variable.h"

/* `lock.0` -> `lock`: the compiler numbers static locals of the same name. */
static const char *without_number(struct pool *pool, const char *symbol)
{
    const char *dot = strrchr(symbol, '.');

    if (dot == NULL || dot == symbol || dot[1] == '\0' ||
        strspn(dot + 1, "0123456789") != strlen(dot + 1))
        return symbol;
    return pool_copy_n(pool, symbol, (size_t)(dot - symbol));
}

static const char *static_name(struct finding *f, const struct object *o)
{
    uint64_t inside, offset;
    const char *path, *name;
    struct module *m = module_at(f, o->address, &inside, &path);

    if (m == NULL)
        return NULL;
    name = variable_name(&f->pool, m, inside);
    if (name != NULL)
        return name;
    name = module_symbol(m, inside, &offset);
    if (name == NULL)
        return NULL;
    name = demangle(&f->pool, without_number(&f->pool, name));
    return offset == 0 ? name : pool_printf(&f->pool, "%s+%llu", name, (unsigned long long)offset);
}

/* A mutex was made nobody knows where: the place is where it was first seen. */
static bool is_made(const struct object *o)
{
    return strcmp(o->kind, "channel") == 0 || strcmp(o->kind, "context") == 0;
}

static const char *last_resort(struct finding *f, const struct object *o)
{
    const struct frame *seen = stack_own_frame(&o->seen_at);
    const char *number = pool_printf(&f->pool, "%s #%d", word_kind(o->kind), o->id);

    if (seen != NULL && seen->file != NULL && seen->line > 0)
        return pool_printf(&f->pool, is_made(o) ? "%s made at %s:%d" : "%s (%s:%d)", number,
                           path_base(seen->file), seen->line);
    if (seen != NULL && seen->function != NULL)
        return pool_printf(&f->pool, is_made(o) ? "%s made in %s()" : "%s (%s())", number,
                           seen->function);
    return number;
}

static bool has_text(const struct text_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->texts[i], text) == 0)
            return true;
    return false;
}

static bool is_shared(struct finding *f, const struct text_list *lists, size_t own,
                      const char *text)
{
    for (size_t i = 0; i < f->object_count; i++)
        if (i != own && has_text(&lists[i], text))
            return true;
    return false;
}

/* A text that is this object's alone in the finding, else its first, else NULL. */
static const char *best_text(struct finding *f, const struct text_list *lists, size_t own)
{
    for (size_t i = 0; i < lists[own].count; i++)
        if (!is_shared(f, lists, own, lists[own].texts[i]))
            return lists[own].texts[i];
    return lists[own].count > 0 ? lists[own].texts[0] : NULL;
}

static void tell_apart(struct finding *f)
{
    const char **names = pool_array(&f->pool, f->object_count, sizeof(*names));

    for (size_t i = 0; i < f->object_count; i++)
        names[i] = f->objects[i].name;
    for (size_t i = 0; i < f->object_count; i++) {
        size_t same = 0, rank = 1;

        for (size_t k = 0; k < f->object_count; k++) {
            bool equal = strcmp(names[i], names[k]) == 0;

            same += equal;
            rank += equal && f->objects[k].id < f->objects[i].id;
        }
        if (same > 1)
            f->objects[i].name = pool_printf(&f->pool, "%s (#%zu)", names[i], rank);
    }
}

/* Names of the places where channels and contexts were made. */
struct made_name {
    const char *name, *function; /* NULL if unknown */
};

/* Another object was put into a variable of the same name, in another function. */
static bool needs_function(const struct finding *f, const struct made_name *made, size_t own)
{
    for (size_t i = 0; i < f->object_count; i++)
        if (made[i].name != NULL && made[i].function != NULL && made[own].function != NULL &&
            strcmp(made[i].name, made[own].name) == 0 &&
            strcmp(made[i].function, made[own].function) != 0)
            return true;
    return false;
}

static void name_made_objects(struct finding *f)
{
    struct made_name *made = pool_array(&f->pool, f->object_count, sizeof(*made));

    for (size_t i = 0; i < f->object_count; i++)
        if (f->objects[i].name == NULL && is_made(&f->objects[i]))
            made[i].name = handle_made_text(f, &f->objects[i], &made[i].function);
    for (size_t i = 0; i < f->object_count; i++)
        if (made[i].name != NULL)
            f->objects[i].name = needs_function(f, made, i)
                                     ? pool_printf(&f->pool, "%s.%s", made[i].function,
                                                   made[i].name)
                                     : made[i].name;
}

void name_objects(struct finding *f)
{
    struct text_list *lists = pool_array(&f->pool, f->object_count, sizeof(*lists));

    name_made_objects(f);
    for (size_t i = 0; i < f->object_count; i++) {
        struct object *o = &f->objects[i];

        if (o->name == NULL && f->raw && !is_made(o))
            o->name = static_name(f, o);
        if (o->name == NULL && object_is_handle(o))
            handle_texts(f, o, &lists[i]);
        else if (o->name == NULL)
            object_texts(f, o, &lists[i]);
    }
    for (size_t i = 0; i < f->object_count; i++) {
        struct object *o = &f->objects[i];

        if (o->name == NULL)
            o->name = best_text(f, lists, i);
        if (o->name == NULL)
            o->name = last_resort(f, o);
    }
    tell_apart(f);
}
