/* SPDX-License-Identifier: MIT */
/*
 * Where are the C library's own functions? Conditions exist in two versions that do not mix; the
 * default of dlsym() may be the old one, so the version is named where it is known.
 */
#include "detector/interpose/real.h"

#include <dlfcn.h>

struct real real;

static void *condition(const char *name)
{
    void *function = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");

    return function ? function : dlsym(RTLD_NEXT, name);
}

void real_resolve(void)
{
#define RESOLVE(result, name, parameters) real.name = (result(*) parameters)dlsym(RTLD_NEXT, #name);
#define RESOLVE_CONDITION(result, name, parameters)                                                \
    real.name = (result(*) parameters)condition(#name);
    REAL_FUNCTIONS(RESOLVE)
    REAL_CONDITIONS(RESOLVE_CONDITION)
#undef RESOLVE
#undef RESOLVE_CONDITION
}
