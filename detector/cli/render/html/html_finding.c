/* SPDX-License-Identifier: MIT */
/*
 * html_finding.c - a finding as an article: the same story in the same order as the text report
 *
 * 1. How grave and how sure it is, what it is called, one sentence, where.
 * 2. The source lines, and what happened there.
 * 3. Who waits for whom: the picture, the turns that lead there, the table.
 * 4. What would prevent it; folded: stacks, the catalogue, the line that suppresses it.
 */
#include "detector/cli/render/html/html_finding.h"

#include <inttypes.h>
#include <string.h>

#include "detector/cli/base/path.h"
#include "detector/cli/names/wording.h"
#include "detector/cli/render/html/html.h"
#include "detector/cli/render/html/html_advice.h"
#include "detector/cli/render/html/html_excerpt.h"
#include "detector/cli/render/html/html_graph.h"
#include "detector/cli/render/html/html_stacks.h"
#include "detector/cli/render/html/html_stuck.h"
#include "detector/cli/render/html/html_turns.h"
#include "detector/cli/render/mark.h"
#include "detector/cli/render/stuck_rows.h"
#include "detector/cli/render/text/chain.h"

/* An octagon stops, a triangle warns, a disc informs. */
void html_severity_sign(FILE *page, const char *severity)
{
    const char *shape = "<circle cx=\"8\" cy=\"8\" r=\"7\"/>";

    if (strcmp(severity, "error") == 0)
        shape = "<path d=\"M5 1H11L15 5V11L11 15H5L1 11V5Z\"/>";
    else if (strcmp(severity, "warning") == 0)
        shape = "<path d=\"M8 1.2L15.4 14.4H.6Z\"/>";
    fprintf(page, "<svg class=\"sign\" viewBox=\"0 0 16 16\" aria-hidden=\"true\">%s</svg>", shape);
}

/* Only three are known to the style. */
static const char *class_of(const struct finding *f)
{
    if (finding_is(f, "error"))
        return "error";
    return finding_is(f, "warning") ? "warning" : "note";
}

/* `bank.c:31`; what runs where no line is known */
static const char *place_of(struct finding *f)
{
    const struct frame *frame = finding_primary(f);

    if (frame == NULL)
        return f->process;
    if (frame->file != NULL && frame->line > 0)
        return pool_printf(&f->pool, "%s:%d", path_short(frame->file), frame->line);
    return word_place(f, frame);
}

/* Where several processes ran, the parent is told too, and what was started with which arguments. */
static void put_process(FILE *page, struct finding *f)
{
    const char *process = word_process(f);

    fputs("<span class=\"process\">", page);
    if (process != NULL)
        html_text(page, process);
    else
        html_put(page, "%s", f->process);
    if (process == NULL && f->pid > 0)
        fprintf(page, " (pid %" PRId64 ")", f->pid);
    if (process != NULL && f->command != NULL && !f->forked)
        html_put(page, ": <code>%s</code>", f->command);
    fputs("</span>", page);
}

static void put_badges(FILE *page, struct finding *f)
{
    fputs("<p class=\"badges\"><span class=\"severity\">", page);
    html_severity_sign(page, f->severity);
    html_put(page, "%s</span> <span class=\"name\">%s</span> <span class=\"sure\">%s</span> ",
             f->severity, f->name, word_sureness(f));
    if (f->baseline != NULL)
        html_put(page, "<span class=\"baseline\">%s</span> ",
                 strcmp(f->baseline, "new") == 0 ? "new: not in the baseline" : "in the baseline");
    put_process(page, f);
    fputs("</p>\n", page);
}

static void put_head(FILE *page, struct finding *f, size_t number)
{
    const struct frame *frame = finding_primary(f);

    fputs("<header>\n", page);
    put_badges(page, f);
    html_put(page,
             "<h3 id=\"finding-%zu-title\">%s</h3>\n<p class=\"where\"><span class=\"path\">%s",
             number, f->message, place_of(f));
    fputs("</span>", page);
    if (frame != NULL && frame->file != NULL && frame->function != NULL)
        html_put(page, " in <code>%s()</code>", frame->function);
    fputs("</p>\n", page);
    if (f->heading != NULL)
        html_put(page, "<p class=\"last-words\"><code>%s</code></p>\n", f->heading);
    fputs("</header>\n", page);
}

static void put_places(FILE *page, struct finding *f)
{
    if (marks_of(f).count == 0)
        return;
    fputs("<section>\n<h4>What happened in the source</h4>\n", page);
    html_excerpt(page, f);
    fputs("</section>\n", page);
}

static void put_chains(FILE *page, struct finding *f)
{
    const char *lines[CHAIN_LINES];
    size_t count = chain_lines(f, lines);

    for (size_t i = 0; i < count; i++)
        html_put(page, "<p class=\"chain\">%s</p>\n", lines[i]);
}

static void put_waits(FILE *page, struct finding *f, size_t number)
{
    bool turns = html_has_turns(f), table = stuck_rows_wanted(f);

    if (!turns && !table && !html_has_graph(f))
        return;
    html_put(page, "<section class=\"waiting\">\n<h4>%s</h4>\n<div class=\"stage\">\n",
             turns ? "Turn by turn" : "Who waits for whom");
    html_graph(page, f, number);
    if (turns)
        html_turns(page, f, number);
    fputs("</div>\n", page);
    put_chains(page, f);
    if (table)
        html_stuck(page, f);
    fputs("</section>\n", page);
}

static void put_reason(FILE *page, const struct finding *f)
{
    if (f->reason != NULL)
        html_put(page,
                 "<section><h4>Why it is no alarm</h4>\n<p class=\"reason\">%s</p></section>\n",
                 f->reason);
}

void html_finding(FILE *page, struct finding *f, size_t number, bool verbose)
{
    html_put(page,
             "<article class=\"finding %s\" id=\"finding-%zu\" "
             "aria-labelledby=\"finding-%zu-title\">\n",
             class_of(f), number, number);
    put_head(page, f, number);
    put_places(page, f);
    put_waits(page, f, number);
    put_reason(page, f);
    html_advice(page, f);
    fputs("<div class=\"folds\">\n", page);
    html_stacks(page, f, verbose);
    html_background(page, f);
    fputs("</div>\n</article>\n\n", page);
}

void html_contents_line(FILE *page, struct finding *f, size_t number)
{
    html_put(page, "<li class=\"%s\"><a href=\"#finding-%zu\">", class_of(f), number);
    html_severity_sign(page, f->severity);
    html_put(page,
             "<span><span class=\"visually-hidden\">%s: </span><span class=\"what\">%s</span>"
             "<span class=\"at\">%s</span>",
             f->severity, f->name, word_place(f, finding_primary(f)));
    if (f->one_of_several)
        html_put(page, "<span class=\"at\">%s</span>",
                 pool_printf(&f->pool, "%s (pid %" PRId64 ")", f->process, f->pid));
    fputs("</span></a></li>\n", page);
}
