/* SPDX-License-Identifier: MIT */
/*
 * frame_filter.c - which frames does a reader not want to see?
 *
 * A finding is about the program's own lines. A frame is hidden by the module it lies in, by the
 * function's name, or by a source file that is a system header. Hidden frames come back with --verbose.
 *
 * A program that is linked with libgridlock.a has the library's frames in its own module. They are
 * those outside the function that the thread was started with, whatever they are called.
 */
#include "detector/cli/names/frame_filter.h"

#include <string.h>

static const char *const modules[] = {
    "libgridlock.so", "libc.so",   "libc-",    "libpthread.so", "libpthread-",
    "libstdc++.so",   "libc++.so", "ld-linux", "[vdso]",
};

static const char *const functions[] = {
    "_start", "__libc_start_main", "__libc_start_call_main", "clone",
    "clone3", "__clone3",          "start_thread",           "execute_native_thread_routine",
};

static const char *const function_prefixes[] = {
    "std::", "__gnu_cxx::", "__gthread_", "__gthrw_", "void std::", "bool std::", "decltype",
};

static const char *const headers[] = {"/include/c++/", "/usr/include/", "/lib/gcc/"};

#define COUNT(list) (sizeof(list) / sizeof(list[0]))

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool hidden_module(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;

    for (size_t i = 0; i < COUNT(modules); i++)
        if (starts_with(name, modules[i]))
            return true;
    return false;
}

static bool hidden_function(const char *name)
{
    for (size_t i = 0; i < COUNT(functions); i++)
        if (strcmp(name, functions[i]) == 0)
            return true;
    for (size_t i = 0; i < COUNT(function_prefixes); i++)
        if (starts_with(name, function_prefixes[i]))
            return true;
    return false;
}

bool frame_is_hidden(const struct frame *f)
{
    if (f->module != NULL && hidden_module(f->module))
        return true;
    if (f->function != NULL && hidden_function(f->function))
        return true;
    for (size_t i = 0; i < COUNT(headers); i++)
        if (f->file != NULL && strstr(f->file, headers[i]) != NULL)
            return true;
    return false;
}

/* The outermost frame of the function that the thread was started with; s->count if there is none. */
static size_t start_of(const struct thread *t, const struct stack *s)
{
    for (size_t i = s->count; t != NULL && t->function.function != NULL && i-- > 0;)
        if (s->frames[i].function != NULL &&
            strcmp(s->frames[i].function, t->function.function) == 0)
            return i;
    return s->count;
}

static void hide_outside(const struct finding *f, int thread, struct stack *s)
{
    for (size_t i = start_of(finding_thread(f, thread), s) + 1; i < s->count; i++)
        s->frames[i].hidden = true;
}

void hide_trampolines(struct finding *f)
{
    for (size_t i = 0; f->raw && i < f->thread_count; i++) {
        struct thread *t = &f->threads[i];

        hide_outside(f, t->id, &t->stack);
        hide_outside(f, t->created_by, &t->created_at);
        for (size_t k = 0; k < t->hold_count; k++)
            hide_outside(f, t->id, &t->holds[k].stack);
        if (t->waits != NULL)
            hide_outside(f, t->id, &t->waits->stack);
    }
    for (size_t i = 0; f->raw && i < f->step_count; i++)
        hide_outside(f, f->steps[i].thread, &f->steps[i].stack);
    for (size_t i = 0; f->raw && i < f->place_count; i++)
        hide_outside(f, f->places[i].thread, &f->places[i].stack);
}
