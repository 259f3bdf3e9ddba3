/* SPDX-License-Identifier: MIT */
/*
 * render_text.c - a finding as a person reads it
 *
 * 0. The heading, if there is one: the words that a Go program would have ended with.
 * 1. One line: severity, name, a sentence; at its right end how sure it is.
 * 2. The place to look at first, the source lines, and what happened there.
 * 3. Who holds what and waits for whom; the scenario; how the threads came there.
 * 4. help, the lesson, and last the line that editors understand: `file:line: error: text [name]`.
 */
#include <string.h>

#include "detector/cli/base/path.h"
#include "detector/cli/finding/catalogue.h"
#include "detector/cli/names/wording.h"
#include "detector/cli/render/render.h"
#include "detector/cli/render/text/chain.h"
#include "detector/cli/render/text/excerpt.h"
#include "detector/cli/render/text/scenario.h"
#include "detector/cli/render/text/stack_list.h"
#include "detector/cli/render/text/stuck_table.h"

static enum style style_of(const struct finding *f)
{
    if (finding_is(f, "error"))
        return RED;
    return finding_is(f, "warning") ? YELLOW : CYAN;
}

/* At the right end of the current line, or of one of its own. */
static bool put_right(struct out *out, const char *text)
{
    int start = OUT_WIDTH - text_width(text);

    if (out->column + 3 > start)
        return false;
    out_tab(out, start, 0);
    out_text(out, DIM, text);
    return true;
}

static void print_where(struct out *out, struct finding *f, const struct frame *frame)
{
    out_text(out, BLUE, "  --> ");
    if (frame == NULL)
        out_text(out, PLAIN, f->process);
    else if (frame->file != NULL && frame->line > 0)
        out_printf(out, PLAIN, "%s:%d", path_short(frame->file), frame->line);
    else
        out_text(out, PLAIN, word_place(f, frame));
    if (frame != NULL && frame->file != NULL && frame->function != NULL)
        out_printf(out, PLAIN, ", in %s()", frame->function);
    else if (frame != NULL && frame->function != NULL && frame->module != NULL)
        out_printf(out, PLAIN, " of %s", path_base(frame->module));
}

/* What its parent started may be one of many runs of the same program: its arguments tell them apart. */
static void print_process(struct out *out, struct finding *f)
{
    const char *process = word_process(f);

    if (process == NULL)
        return;
    out_text(out, PLAIN, "      in ");
    out_text(out, BOLD, process);
    if (f->command != NULL && !f->forked)
        out_printf(out, PLAIN, ": %s", text_fit(&f->pool, f->command, OUT_WIDTH - out->column - 2));
    out_text(out, PLAIN, "\n");
}

static void print_head(struct out *out, struct finding *f)
{
    const char *sure = word_sureness(f);
    bool done;

    out_printf(out, style_of(f), "%s: %s: ", f->severity, f->name);
    out_wrapped(out, BOLD, 4, f->message);
    done = finding_is_snapshot(f) || put_right(out, sure);
    out_text(out, PLAIN, "\n");
    print_where(out, f, finding_primary(f));
    if (!done && !put_right(out, sure))
        out_printf(out, DIM, "   %s", sure);
    out_text(out, PLAIN, "\n");
    print_process(out, f);
    out_text(out, PLAIN, "\n");
}

static void print_reason(struct out *out, const struct finding *f)
{
    if (f->reason == NULL)
        return;
    out_text(out, CYAN, "  reason: ");
    out_wrapped(out, PLAIN, 10, f->reason);
    out_text(out, PLAIN, "\n");
}

/* Who reads a note has nothing to mend. */
static void print_help(struct out *out, const struct finding *f)
{
    if (f->help == NULL || finding_is(f, "note"))
        return;
    out_text(out, CYAN, "  help: ");
    out_wrapped(out, PLAIN, 8, f->help);
    out_text(out, PLAIN, "\n");
}

static void print_more(struct out *out, const struct finding *f)
{
    bool explained = catalogue_find(f->name) != NULL;

    if (f->lesson == NULL && !explained)
        return;
    out_text(out, PLAIN, "  ");
    if (f->lesson != NULL) {
        out_text(out, CYAN, "lesson: ");
        out_printf(out, PLAIN, "%s      ", f->lesson);
    }
    if (explained) {
        out_text(out, CYAN, "more: ");
        out_printf(out, PLAIN, "gridlock explain %s", f->name);
    }
    out_text(out, PLAIN, "\n");
}

/* What a suppression file would need. */
static void print_suppression(struct out *out, const struct finding *f)
{
    out_text(out, CYAN, "  suppress: ");
    out_printf(out, PLAIN, "%s:fingerprint:%s  # why\n", f->name, f->fingerprint);
}

static void print(struct rendering *r, struct finding *f)
{
    struct out *out = &r->out;

    if (f->heading != NULL)
        out_printf(out, BOLD, "%s\n\n", f->heading);
    print_head(out, f);
    excerpt_print(out, f, style_of(f));
    stuck_table_print(out, f);
    chain_print(out, f);
    scenario_print(out, f);
    stack_list_print(out, f, r->verbose);
    print_reason(out, f);
    print_help(out, f);
    print_more(out, f);
    if (r->verbose)
        print_suppression(out, f);
    render_gnu_line(out, f);
    out_text(out, PLAIN, "\n");
    fflush(out->stream);
}

const struct renderer render_text = {.name = "text", .finding = print};
