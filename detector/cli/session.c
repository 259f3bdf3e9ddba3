/* SPDX-License-Identifier: MIT */
/*
 * session.c - the findings of one run: each printed once, all of them counted
 *
 * A line goes through these steps:
 * 1. parse (finding_parse.c), addresses to lines (symbolise.c, frame_filter.c, wrapper.c), names
 *    (thread_name.c, object_name.c, handle_text.c, placeholder.c), who is doomed (doom.c),
 *    fingerprint (fingerprint.c)
 * 2. notes but the snapshot are dropped without --all
 * 3. a fingerprint that was seen is only counted (tally.c)
 * 4. what a suppression covers, or the baseline knows, is hidden and counted
 * 5. the rest is rendered (render.h)
 * At the end one line sums up. Where there was nothing, nothing is printed.
 */
#include "detector/cli/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "detector/cli/base/busy.h"
#include "detector/cli/base/path.h"
#include "detector/cli/finding/catalogue.h"
#include "detector/cli/finding/doom.h"
#include "detector/cli/finding/finding.h"
#include "detector/cli/finding/fingerprint.h"
#include "detector/cli/names/frame_filter.h"
#include "detector/cli/names/handle_text.h"
#include "detector/cli/names/object_name.h"
#include "detector/cli/names/placeholder.h"
#include "detector/cli/names/symbolise.h"
#include "detector/cli/names/thread_name.h"
#include "detector/cli/names/wrapper.h"
#include "detector/cli/render/render.h"

enum { MOST_DOCUMENTS = 1000 };

/* `report.html`, `report-2.html`: the first that is not there yet. */
static FILE *open_document(struct pool *pool, const char *path)
{
    const char *base = path_base(path), *dot = strrchr(base, '.');
    int stem = (int)(dot == NULL || dot == base ? strlen(path) : (size_t)(dot - path));
    FILE *stream = fopen(path, "wxe");

    for (int i = 2; stream == NULL && errno == EEXIST && i < MOST_DOCUMENTS; i++)
        stream = fopen(pool_printf(pool, "%.*s-%d%s", stem, path, i, path + stem), "wxe");
    return stream;
}

/* The helper comes once for each finding: it adds to lines, and leaves documents whole. */
static FILE *open_output(struct session *s, const struct options *o, FILE *standard)
{
    if (o->output == NULL)
        return standard;
    if (!o->helper)
        return fopen(o->output, "we");
    if (o->format->end == NULL)
        return fopen(o->output, "ae");
    return open_document(&s->rendering.pool, o->output);
}

bool session_begin(struct session *s, struct options *o, FILE *standard)
{
    FILE *stream;

    *s = (struct session){.options = o};
    stream = open_output(s, o, standard);
    if (stream == NULL) {
        fprintf(stderr, "gridlock: cannot write %s: %s\n", o->output, strerror(errno));
        return false;
    }
    s->rendering.stream = stream;
    s->rendering.out = out_open(stream, o->color);
    s->rendering.verbose = o->verbose;
    s->rendering.exit_status = -1;
    s->rendering.command = o->command;
    if (o->format->begin != NULL)
        o->format->begin(&s->rendering);
    return true;
}

static void prepare(struct finding *f)
{
    const struct entry *entry = catalogue_find(f->name);

    symbolise(f);
    hide_trampolines(f);
    hide_wrappers(f);
    name_threads(f);
    name_objects(f);
    name_nil_channels(f);
    fill_placeholders(f);
    find_doomed(f);
    fingerprint(f);
    if (f->help == NULL && entry != NULL)
        f->help = entry->help;
    if (f->lesson == NULL && entry != NULL)
        f->lesson = entry->lesson;
}

/* Shown, or hidden? What is suppressed has occurred all the same: the baseline is asked anyway. */
static enum fate judge(struct session *s, struct finding *f)
{
    struct baseline *baseline = &s->options->baseline;

    f->baseline = NULL; /* what another run said */
    if (baseline->file != NULL && !finding_is(f, "note"))
        f->baseline = baseline_knows(baseline, f) ? "known" : "new";
    if (suppressions_match(&s->options->suppressions, f))
        return FATE_SUPPRESSED;
    return f->baseline != NULL && strcmp(f->baseline, "known") == 0 ? FATE_KNOWN : FATE_SHOWN;
}

static void remark(const struct session *s, const struct finding *f)
{
    fprintf(s->options->format->pure ? stderr : s->rendering.stream, "gridlock: %s: %s\n", f->name,
            f->message);
}

static void take_finding(struct session *s, struct finding *f)
{
    bool plain = strcmp(f->name, "limit") == 0 || strcmp(f->name, "statistics") == 0;
    const struct renderer *format = s->options->format;
    enum fate fate;

    if (finding_is(f, "note") && !plain && !s->options->all && !finding_is_snapshot(f))
        return;
    prepare(f);
    busy_end();
    if (tally_again(&s->tally, f))
        return;
    fate = judge(s, f);
    if (fate == FATE_SHOWN && plain && !format->remarks)
        fate = FATE_REMARK;
    tally_first(&s->tally, f, fate);
    if (fate == FATE_REMARK)
        remark(s, f);
    else if (fate == FATE_SHOWN || (fate == FATE_KNOWN && format->known))
        format->finding(&s->rendering, f);
}

void session_add(struct session *s, struct finding *f)
{
    take_finding(s, f);
    finding_free(f);
}

static void note_bad_line(struct session *s, int line, const char *reason)
{
    if (s->bad_lines++ == 0) {
        s->first_bad_line = line;
        s->first_bad_reason = reason;
    }
}

void session_take(struct session *s, struct area *area, bool finished)
{
    const char *line, *error;
    size_t length;

    while (area_next(area, finished, &line, &length)) {
        struct finding *f;

        if (length == 0)
            continue;
        f = finding_parse(line, length, &error);
        if (f == NULL)
            note_bad_line(s, area->line, error);
        else
            session_add(s, f);
    }
}

static bool print_damage(const struct session *s, const struct area *area, const char *source)
{
    if (area->dropped > 0)
        fprintf(stderr, "gridlock: %u more findings did not fit and are lost\n", area->dropped);
    if (s->bad_lines > 0)
        fprintf(stderr, "gridlock: %s: line %d: %s%s\n", source, s->first_bad_line,
                s->first_bad_reason, s->bad_lines > 1 ? ", and more such lines" : "");
    else if (area->torn > 0)
        fprintf(stderr, "gridlock: %s: a finding was cut off while it was written\n", source);
    return s->bad_lines == 0 && area->torn == 0;
}

static void print_summary(struct session *s)
{
    const struct baseline *baseline = &s->options->baseline;
    size_t missed = baseline_missed(baseline);

    tally_print(&s->tally, baseline->file, s->options->output);
    if (missed > 0 && !s->options->helper)
        fprintf(stderr, "gridlock: %zu finding%s of %s did not occur\n", missed,
                missed == 1 ? "" : "s", baseline->file);
}

bool session_end(struct session *s, const struct area *area, const char *source)
{
    FILE *stream = s->rendering.stream;
    bool quiet = s->options->format->pure && stream == stderr;
    bool sound = print_damage(s, area, source);

    s->rendering.damaged = !sound;
    busy_end();
    if (s->options->format->end != NULL)
        s->options->format->end(&s->rendering);

    if (!quiet) {
        fflush(stream);
        print_summary(s);
    }
    if (!s->options->helper)
        suppressions_report_unused(&s->options->suppressions);
    if (s->options->output != NULL && (ferror(stream) | fclose(stream)) != 0)
        fprintf(stderr, "gridlock: cannot write %s\n", s->options->output);
    tally_free(&s->tally);
    pool_free(&s->rendering.pool);
    return sound;
}

bool session_found(const struct session *s)
{
    return s->tally.errors + s->tally.warnings > 0;
}

bool session_hid_deadlock(const struct session *s, int64_t pid)
{
    return tally_hid_deadlock(&s->tally, pid);
}
