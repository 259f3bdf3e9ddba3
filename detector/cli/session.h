/* SPDX-License-Identifier: MIT */
/*
 * session.h - the findings of one run: each printed once, all of them counted
 *
 * Layer:    detector/cli
 * Memory:   session_end() gives everything back
 * Locking:  none
 * Errors:   lines that are no findings are counted and told in one line
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "detector/cli/base/area.h"
#include "detector/cli/options.h"
#include "detector/cli/render/render.h"
#include "detector/cli/tally.h"

struct session {
    struct options *options;
    struct rendering rendering;
    struct tally tally;
    size_t bad_lines;
    int first_bad_line;
    const char *first_bad_reason;
};

/* Opens --output. `standard`: where findings go without it. False: said on stderr. */
bool session_begin(struct session *s, struct options *o, FILE *standard);

/* Takes a finding that was not read from an area, and frees it. */
void session_add(struct session *s, struct finding *f);

/* Renders what is complete in the area. */
void session_take(struct session *s, struct area *area, bool finished);

/* The summary. `source` names the area in messages. Returns whether its content was sound. */
bool session_end(struct session *s, const struct area *area, const char *source);

/* Whether an error or a warning was found that no suppression covers and the baseline does not know. */
bool session_found(const struct session *s);

/* Whether something hidden says that this process is certainly stuck. Requires: session_end() was
 * not called yet. */
bool session_hid_deadlock(const struct session *s, int64_t pid);

#endif
