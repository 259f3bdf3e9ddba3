/* SPDX-License-Identifier: MIT */
/*
 * session.c - the findings of one run: each printed once, all of them counted
 *
 * A line goes through these steps:
 * 1. parse (finding_parse.c), addresses to lines (symbolise.c, frame_filter.c, wrapper.c), names
 *    (thread_name.c, object_name.c, handle_text.c, placeholder.c), who is doomed (doom.c),
 *    fingerprint (fingerprint.c)
 * 2. notes but the snapshot are dropped without --all, and what a suppression covers always
 * 3. a fingerprint that was seen is only counted
 * 4. the rest is rendered (render.h)
 * At the end one line sums up. Where there was nothing, nothing is printed.
 */
#include "detector/cli/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "detector/cli/finding/catalogue.h"
#include "detector/cli/finding/doom.h"
#include "detector/cli/finding/finding.h"
#include "detector/cli/finding/fingerprint.h"
#include "detector/cli/names/frame_filter.h"
#include "detector/cli/names/handle_text.h"
#include "detector/cli/names/object_name.h"
#include "detector/cli/base/path.h"
#include "detector/cli/names/placeholder.h"
#include "detector/cli/render/render.h"
#include "detector/cli/names/symbolise.h"
#include "detector/cli/names/thread_name.h"
#include "detector/cli/names/wrapper.h"

struct sighting {
    struct sighting *next;
    char *fingerprint, *title; /* `lock-order-cycle at bank.c:31` */
    size_t times;
};

bool session_begin(struct session *s, struct options *o, FILE *standard)
{
    FILE *stream = o->output == NULL ? standard : fopen(o->output, "we");

    *s = (struct session){.options = o};
    if (stream == NULL) {
        fprintf(stderr, "gridlock: cannot write %s: %s\n", o->output, strerror(errno));
        return false;
    }
    s->rendering = (struct rendering){.stream = stream,
                                      .out = out_open(stream, o->color),
                                      .verbose = o->verbose,
                                      .exit_status = -1,
                                      .command = o->command};
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

/* True the first time. */
static bool is_new(struct session *s, const struct finding *f)
{
    const struct frame *frame = finding_primary(f);
    bool line = frame != NULL && frame->file != NULL;
    struct sighting *seen;

    for (seen = s->sightings; seen != NULL; seen = seen->next)
        if (strcmp(seen->fingerprint, f->fingerprint) == 0) {
            seen->times++;
            return false;
        }
    seen = calloc(1, sizeof(*seen));
    if (seen == NULL)
        return true;
    seen->fingerprint = strdup(f->fingerprint);
    if (seen->fingerprint == NULL ||
        asprintf(&seen->title, line ? "%s at %s:%d" : "%s in %s", f->name,
                 line ? path_short(frame->file) : f->process, line ? frame->line : 0) < 0) {
        free(seen->fingerprint);
        free(seen);
        return true;
    }
    seen->times = 1;
    seen->next = s->sightings;
    s->sightings = seen;
    return true;
}

static void count(struct session *s, const struct finding *f)
{
    if (finding_is(f, "error"))
        s->errors++;
    else if (finding_is(f, "warning"))
        s->warnings++;
    else
        s->notes++;
}

static void take_finding(struct session *s, struct finding *f)
{
    bool plain = strcmp(f->name, "limit") == 0 || strcmp(f->name, "statistics") == 0;

    if (finding_is(f, "note") && !plain && !s->options->all && !finding_is_snapshot(f))
        return;
    prepare(f);
    if (suppressions_match(&s->options->suppressions, f) || !is_new(s, f))
        return;
    if (plain && !s->options->format->remarks) {
        fprintf(s->options->format->pure ? stderr : s->rendering.stream, "gridlock: %s: %s\n",
                f->name, f->message);
        return;
    }
    count(s, f);
    s->options->format->finding(&s->rendering, f);
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

static void put_count(FILE *stream, const char *before, size_t number, const char *what)
{
    if (number > 0)
        fprintf(stream, "%s%zu %s%s", before, number, what, number == 1 ? "" : "s");
}

static void print_summary(const struct session *s)
{
    size_t all = s->errors + s->warnings + s->notes;

    for (const struct sighting *seen = s->sightings; seen != NULL; seen = seen->next)
        if (seen->times > 1)
            fprintf(stderr, "gridlock: %s was seen %zu times\n", seen->title, seen->times);
    if (all == 0)
        return;
    fprintf(stderr, "gridlock: %zu finding%s (", all, all == 1 ? "" : "s");
    put_count(stderr, "", s->errors, "error");
    put_count(stderr, s->errors > 0 ? ", " : "", s->warnings, "warning");
    put_count(stderr, s->errors + s->warnings > 0 ? ", " : "", s->notes, "note");
    fputs(")", stderr);
    if (s->options->output != NULL)
        fprintf(stderr, ", written to %s", s->options->output);
    fputs("\n", stderr);
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

static void forget_sightings(struct session *s)
{
    while (s->sightings != NULL) {
        struct sighting *seen = s->sightings;

        s->sightings = seen->next;
        free(seen->fingerprint);
        free(seen->title);
        free(seen);
    }
}

bool session_end(struct session *s, const struct area *area, const char *source)
{
    FILE *stream = s->rendering.stream;
    bool quiet = s->options->format->pure && stream == stderr;
    bool sound = print_damage(s, area, source);

    s->rendering.damaged = !sound;
    if (s->options->format->end != NULL)
        s->options->format->end(&s->rendering);

    if (!quiet) {
        fflush(stream);
        print_summary(s);
    }
    suppressions_report_unused(&s->options->suppressions);
    if (s->options->output != NULL && (ferror(stream) | fclose(stream)) != 0)
        fprintf(stderr, "gridlock: cannot write %s\n", s->options->output);
    forget_sightings(s);
    pool_free(&s->rendering.pool);
    return sound;
}

bool session_found(const struct session *s)
{
    return s->errors + s->warnings > 0;
}
