/* SPDX-License-Identifier: MIT */
/*
 * demangle.c - C++ names as people write them
 *
 * Only needed for C++ without full debug information. The demangler is in libstdc++, which a machine that
 * runs C++ programs has; the command does not depend on it and asks for it when the first mangled
 * name comes by.
 */
#include "detector/cli/symbols/demangle.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

typedef char *demangle_function(const char *, char *, size_t *, int *);

static demangle_function *find_demangler(void)
{
    static demangle_function *found;
    static int asked;

    if (!asked) {
        void *library = dlopen("libstdc++.so.6", RTLD_LAZY | RTLD_LOCAL);

        asked = 1;
        if (library != NULL)
            found = (demangle_function *)dlsym(library, "__cxa_demangle");
    }
    return found;
}

/* The '(' that the ')' at `close` belongs to; NULL if there is none. */
static char *opening(char *name, char *close)
{
    int depth = 0;

    for (char *p = close; p >= name; p--) {
        depth += (*p == ')') - (*p == '(');
        if (depth == 0)
            return p;
    }
    return NULL;
}

/* `f(int)` -> `f`; a static local `f(int)::lock` -> `f.lock`. */
static void cut_arguments(char *name)
{
    char *close = strrchr(name, ')');
    char *open = close == NULL ? NULL : opening(name, close);

    if (open == NULL)
        return;
    if (strncmp(close + 1, "::", 2) == 0) {
        *open = '.';
        memmove(open + 1, close + 3, strlen(close + 3) + 1);
    } else {
        *open = '\0';
    }
}

/* `main::{lambda()#1}::operator()` -> `lambda in main` */
static const char *name_lambda(struct pool *pool, char *name)
{
    char *lambda = strstr(name, "::{lambda"), *function = name;

    if (lambda == NULL)
        return pool_copy(pool, name);
    *lambda = '\0';
    cut_arguments(name);
    for (char *p = name; *p != '\0' && *p != '<'; p++)
        if (p[0] == ':' && p[1] == ':')
            function = p + 2;
    return pool_printf(pool, "lambda in %s", function);
}

const char *demangle(struct pool *pool, const char *symbol)
{
    demangle_function *demangler;
    const char *result = symbol;
    char *name;
    int status;

    if (strncmp(symbol, "_Z", 2) != 0 || (demangler = find_demangler()) == NULL)
        return symbol;
    name = demangler(symbol, NULL, NULL, &status);
    if (name != NULL) {
        cut_arguments(name);
        if (name[0] != '\0')
            result = name_lambda(pool, name);
    }
    free(name);
    return result;
}
