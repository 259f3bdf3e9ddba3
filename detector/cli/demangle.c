/* SPDX-License-Identifier: MIT */
/*
 * demangle.c - C++ names as people write them
 *
 * Only needed for C++ without debug information. The demangler is in libstdc++, which a machine that
 * runs C++ programs has; the command does not depend on it and asks for it when the first mangled
 * name comes by.
 */
#include "detector/cli/demangle.h"

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

/* Cuts the argument list: from the '(' that matches the last ')'. */
static void cut_arguments(char *name)
{
    char *end = strrchr(name, ')');
    int depth = 0;

    for (char *p = end; p != NULL && p > name; p--) {
        depth += (*p == ')') - (*p == '(');
        if (depth == 0) {
            *p = '\0';
            return;
        }
    }
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
            result = pool_copy(pool, name);
    }
    free(name);
    return result;
}
