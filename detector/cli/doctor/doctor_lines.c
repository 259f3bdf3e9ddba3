/* SPDX-License-Identifier: MIT */
/*
 * doctor_lines.c - will reports name source lines, and what is in the way of watching a given program?
 */
#include <dlfcn.h>
#include <elfutils/libdwfl.h>
#include <stdlib.h>
#include <string.h>

#include "detector/cli/base/path.h"
#include "detector/cli/base/program.h"
#include "detector/cli/base/status.h"
#include "detector/cli/doctor/doctor_look.h"
#include "detector/cli/symbols/lines.h"
#include "detector/cli/symbols/module.h"

/* Tried on this function itself. */
struct answer look_at_lines(struct doctor *d)
{
    struct module *own = module_open(d->command);
    Dl_info place;
    struct stack s;

    if (own == NULL || dladdr((void *)look_at_lines, &place) == 0)
        return problem(pool_printf(d->pool, "%s cannot be read", d->command), NULL);
    if (module_dwarf(own) == NULL)
        return healthy(
            "not tried: gridlock itself was built or installed without debug information "
            "(gridlock doctor PROGRAM tries yours)");
    s = lines_at(d->pool, own, d->command,
                 (uint64_t)((const char *)look_at_lines - (const char *)place.dli_fbase));
    if (s.frames[0].file == NULL || s.frames[0].line == 0)
        return problem("libdw finds no line in gridlock's own debug information",
                       "update elfutils (libdw)");
    return healthy(pool_printf(d->pool, "libdw %s found %s at %s:%d", dwfl_version(NULL),
                               s.frames[0].function, path_base(s.frames[0].file),
                               s.frames[0].line));
}

struct answer look_at_program(struct doctor *d)
{
    struct refusal r = program_judge(d->pool, d->program);

    if (r.status == STATUS_OK && strcmp(r.path, d->program) == 0)
        return healthy("can be watched: dynamically linked with glibc, no special rights");
    if (r.status == STATUS_OK)
        return healthy(pool_printf(d->pool, "can be watched: it is a script for %s", r.path));
    return problem(pool_printf(d->pool, "%s: %s", r.path, r.why),
                   r.status == STATUS_COMMAND_FAILED
                       ? "build or copy it as an ordinary dynamic program for glibc"
                       : NULL);
}

/* How a user gets the debug information that was taken out of a program with this build-id. */
static const char *debug_file_remedy(struct doctor *d, struct module *m)
{
    const char *id = module_build_id(d->pool, m);

    if (id == NULL)
        return "compile and link it with -g, and do not strip it";
    return pool_printf(d->pool,
                       "compile it with -g; or for a package of your system install its "
                       "-dbgsym or -debuginfo, or set DEBUGINFOD_URLS (its build-id is %s)",
                       id);
}

struct answer look_at_program_lines(struct doctor *d)
{
    struct refusal r = program_judge(d->pool, d->program);
    char *real = realpath(r.path, NULL);
    struct module *m = real == NULL ? NULL : module_open(real);
    const char *debug_file;

    free(real);
    if (m == NULL)
        return note(pool_printf(d->pool, "%s is no ELF file that can be read", r.path), NULL);
    debug_file = module_debug_file(d->pool, m);
    if (module_dwarf(m) != NULL)
        return healthy(debug_file == NULL
                           ? "debug information is in the program"
                           : pool_printf(d->pool, "debug information is in %s", debug_file));
    return note(module_has_symbols(m)
                    ? "no debug information: reports name functions, but no lines and few locks"
                    : "stripped: reports name only what it exports, and no lines",
                debug_file_remedy(d, m));
}
