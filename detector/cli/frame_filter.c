/* SPDX-License-Identifier: MIT */
/*
 * frame_filter.c - which frames does a reader not want to see?
 *
 * A finding is about the program's own lines. A frame is hidden by the module it lies in, by the
 * function's name, or by a source file that is a system header. Hidden frames come back with --verbose.
 */
#include "detector/cli/frame_filter.h"

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
