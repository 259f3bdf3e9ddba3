/* SPDX-License-Identifier: MIT */
/*
 * render_brief.c - a finding as one line, in the GNU form that editors and CI matchers know
 *
 *     bank.c:31: error: teller-1 and teller-2 wait for each other [deadlock]
 *
 * The form: GNU Coding Standards, "Formatting Error Messages".
 */
#include "detector/cli/base/path.h"
#include "detector/cli/render/render.h"

#include <inttypes.h>
#include <string.h>

/* Never broken into lines: a program reads it. */
void render_gnu_line(struct out *out, const struct finding *f)
{
    const struct frame *frame = finding_primary(f);
    struct pool pool = {NULL};
    const char *place = f->process, *process = "";
    char *line;

    if (frame != NULL && frame->file != NULL && frame->line > 0)
        place = pool_printf(&pool, "%s:%d", path_short(frame->file), frame->line);
    if (f->one_of_several)
        process = pool_printf(&pool, ", in %s (pid %" PRId64 ")", f->process, f->pid);
    line = pool_printf(&pool, "%s: %s: %.*s%s [%s]", place, f->severity,
                       (int)strcspn(f->message, ";"), f->message, process, f->name);
    for (char *p = line; *p != '\0'; p++)
        if (*p == '\n')
            *p = '?';
    out_text(out, PLAIN, line);
    out_text(out, PLAIN, "\n");
    pool_free(&pool);
}

static void print(struct rendering *r, struct finding *f)
{
    render_gnu_line(&r->out, f);
    fflush(r->stream);
}

const struct renderer render_brief = {.name = "brief", .finding = print};
