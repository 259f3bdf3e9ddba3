/* SPDX-License-Identifier: MIT */
/*
 * render_github.c - findings as annotations of a GitHub workflow
 *
 *     ::error file=src/bank.c,line=31,col=5,endColumn=34,title=deadlock (certain)::teller-1 and ...
 *
 * One line each, in the step's log, on either stream: the runner takes it from there. Below the
 * message stand the other places and the help. The form: GitHub's documentation, "Workflow commands
 * for GitHub Actions"; the escapes: actions/toolkit, packages/core/src/command.ts.
 */
#include <stdlib.h>
#include <string.h>

#include "detector/cli/base/path.h"
#include "detector/cli/base/utf8.h"
#include "detector/cli/names/wording.h"
#include "detector/cli/render/mark.h"
#include "detector/cli/render/region.h"
#include "detector/cli/render/render.h"

/* A property ends at a comma or colon, so these are escaped in it too. */
static void put(FILE *stream, struct pool *pool, const char *text, bool property)
{
    for (const char *p = utf8_repaired(pool, text); *p != '\0'; p++)
        if (strchr(property ? "%\r\n:," : "%\r\n", *p) != NULL)
            fprintf(stream, "%%%02X", (unsigned char)*p);
        else
            fputc(*p, stream);
}

/* An annotation's file is named from the repository's root; without that from here. */
static const char *path_in_repository(const char *path)
{
    const char *root = getenv("GITHUB_WORKSPACE");
    size_t length = root == NULL ? 0 : strlen(root);

    while (length > 0 && root[length - 1] == '/')
        length--;
    if (length > 0 && strncmp(path, root, length) == 0 && path[length] == '/')
        return path + length + 1;
    return path_short(path);
}

static void put_place(FILE *stream, struct finding *f)
{
    const struct frame *frame = finding_primary(f);
    struct region region;

    if (frame == NULL || frame->file == NULL || frame->line <= 0)
        return;
    region = region_of(&f->pool, finding_stack_with(f, frame), frame);
    fputs("file=", stream);
    put(stream, &f->pool, path_in_repository(frame->file), true);
    fprintf(stream, ",line=%d,", frame->line);
    if (region.start > 0)
        fprintf(stream, "col=%d,endColumn=%d,", region.start, region.end);
}

/* `src/bank.c:30: teller-1 took accounts[0].lock here` */
static const char *marks_text(struct finding *f)
{
    struct mark_list list = marks_of(f);
    const char *text = "";

    for (size_t i = 0; i < list.count; i++) {
        const struct frame *frame = list.marks[i].frame;

        if (frame != NULL && frame->file != NULL)
            text = pool_printf(&f->pool, "%s\n%s:%d: %s", text, path_in_repository(frame->file),
                               frame->line, list.marks[i].label);
    }
    return text;
}

static const char *kind_of(const struct finding *f)
{
    return finding_is(f, "error") ? "error" : finding_is(f, "warning") ? "warning" : "notice";
}

static void print(struct rendering *r, struct finding *f)
{
    fprintf(r->stream, "::%s ", kind_of(f));
    put_place(r->stream, f);
    fputs("title=", r->stream);
    put(r->stream, &f->pool, pool_printf(&f->pool, "%s (%s)", f->name, f->confidence), true);
    fputs("::", r->stream);
    put(r->stream, &f->pool, f->message, false);
    if (f->one_of_several)
        put(r->stream, &f->pool, pool_printf(&f->pool, "\nprocess: %s", word_process(f)), false);
    put(r->stream, &f->pool, marks_text(f), false);
    if (f->reason != NULL)
        put(r->stream, &f->pool, pool_printf(&f->pool, "\nreason: %s", f->reason), false);
    if (f->help != NULL && !finding_is(f, "note"))
        put(r->stream, &f->pool, pool_printf(&f->pool, "\nhelp: %s", f->help), false);
    fputs("\n", r->stream);
    fflush(r->stream);
}

const struct renderer render_github = {.name = "github", .remarks = true, .finding = print};
