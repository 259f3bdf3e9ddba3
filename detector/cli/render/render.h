/* SPDX-License-Identifier: MIT */
/*
 * render.h - findings in one of the formats
 *
 * Layer:    detector/cli/render
 * Memory:   texts belong to the finding; what a format keeps until its end lies in rendering.pool
 * Locking:  none
 * Errors:   none; a stream that fails is noticed by its owner
 *
 * A format is one file, render_NAME.c, and one line of the table in render.c. It gets begin(), then one
 * finding() for each, then end(); each may be NULL. A format of lines writes them whole and at once, so
 * that a killed program still leaves valid lines; a format of one document writes it in end().
 */
#ifndef CLI_RENDER_H
#define CLI_RENDER_H

#include "detector/cli/base/out.h"
#include "detector/cli/finding/finding.h"

struct rendering {
    FILE *stream;
    struct out out; /* the same stream, for formats that people read on a terminal */
    bool verbose;
    const char *const *command; /* what was watched, NULL-ended; NULL if unknown */
    int exit_status;            /* that the command will end with; -1: not known */
    bool damaged;               /* some lines were no findings; known at the end */
    struct pool pool;           /* lives until the end */
    void *state;                /* the format's own */
};

struct renderer {
    const char *name; /* --format=NAME */
    bool remarks; /* limits and statistics are findings too; else they are one plain line each */
    bool known;   /* findings of the baseline too, by f->baseline; else they are only counted */
    bool pure;    /* read by programs: where the report goes, nothing else is written */
    void (*begin)(struct rendering *r);
    /* Requires: the finding has names, lines and a fingerprint; it is gone after the call. */
    void (*finding)(struct rendering *r, struct finding *f);
    void (*end)(struct rendering *r);
};

extern const struct renderer render_text, render_brief, render_json, render_dot, render_sarif,
    render_github, render_html;

/* NULL if there is no such format. */
const struct renderer *renderer_find(const char *name);

/* `text, brief or json` */
const char *renderer_names(struct pool *pool);

/* `text|brief|json` */
const char *renderer_choice(struct pool *pool);

/* The line that editors understand: `file:line: error: text [name]`. */
void render_gnu_line(struct out *out, const struct finding *f);

#endif
