/* SPDX-License-Identifier: MIT */
/*
 * thread_name.c - what to call the threads of a finding
 *
 * 1. The name that the program gave.
 * 2. `main` for the first thread.
 * 3. The function it started in: `teller`. C++ starts every thread in its own library; there it is
 *    the outermost frame that is the program's own.
 * 4. `thread-7`, the seventh that was made. Also for lambdas, which have no name.
 * Threads of one finding that would share a name are numbered in the order of their creation:
 * `teller-1`, `teller-2`.
 */
#include "detector/cli/names/thread_name.h"

#include <ctype.h>
#include <string.h>

static const char *outermost_function(const struct stack *s)
{
    for (size_t i = s->count; i-- > 0;)
        if (!s->frames[i].hidden && s->frames[i].function != NULL)
            return s->frames[i].function;
    return NULL;
}

static const char *start_function(const struct thread *t)
{
    const char *found = NULL;

    if (!t->function.hidden && t->function.function != NULL)
        return t->function.function;
    found = outermost_function(&t->stack);
    if (found == NULL && t->waits != NULL)
        found = outermost_function(&t->waits->stack);
    for (size_t i = 0; found == NULL && i < t->hold_count; i++)
        found = outermost_function(&t->holds[i].stack);
    return found;
}

/* `bank::Teller::run` -> `Teller::run` is still long in a table: the last part is enough. */
static const char *last_part(const char *function)
{
    const char *part = function;

    for (const char *p = function; *p != '\0'; p++)
        if (p[0] == ':' && p[1] == ':')
            part = p + 2;
    return part;
}

static bool is_plain(const char *name)
{
    if (strcmp(name, "main") == 0 || name[0] == '\0')
        return false;
    for (; *name != '\0'; name++)
        if (!isalnum((unsigned char)*name) && *name != '_')
            return false;
    return true;
}

static const char *base_name(struct finding *f, const struct thread *t)
{
    const char *function = start_function(t);

    if (t->name != NULL)
        return t->name;
    if (t->id == 1)
        return "main";
    if (function != NULL && is_plain(last_part(function)))
        return last_part(function);
    return pool_printf(&f->pool, "thread-%d", t->id);
}

void name_threads(struct finding *f)
{
    const char **bases = pool_array(&f->pool, f->thread_count, sizeof(*bases));

    for (size_t i = 0; i < f->thread_count; i++)
        bases[i] = base_name(f, &f->threads[i]);
    for (size_t i = 0; i < f->thread_count; i++) {
        size_t same = 0, rank = 1;

        for (size_t k = 0; k < f->thread_count; k++) {
            bool equal = strcmp(bases[i], bases[k]) == 0;

            same += equal;
            rank += equal && f->threads[k].id < f->threads[i].id;
        }
        f->threads[i].name = same > 1 ? pool_printf(&f->pool, "%s-%zu", bases[i], rank) : bases[i];
    }
}
