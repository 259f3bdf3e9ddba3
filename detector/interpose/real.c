/* SPDX-License-Identifier: MIT */
/*
 * Where are the C library's own functions? Conditions exist in two versions that do not mix; the
 * default of dlsym() may be the old one, so the version is named. (A look-up that fails makes
 * dlerror() call malloc, which may be in the middle of calling us: hence no trying.)
 */
#include "detector/interpose/real.h"

#include <dlfcn.h>

struct real real;

/* On machines that came to glibc later there is only one version. */
static void *condition(const char *name)
{
#if defined(__x86_64__)
    return dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");
#else
    return dlsym(RTLD_NEXT, name);
#endif
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
