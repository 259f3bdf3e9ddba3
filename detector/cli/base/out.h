/* SPDX-License-Identifier: MIT */
/*
 * out.h - text for people: colour, safe characters, columns
 *
 * Layer:    detector/cli/base
 * Memory:   the caller owns the stream
 * Locking:  none
 * Errors:   none; a stream that fails is noticed by its owner
 */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "detector/cli/base/pool.h"

enum { OUT_WIDTH = 100 };

enum style { PLAIN, BOLD, DIM, RED, YELLOW, CYAN, BLUE, GREEN };

enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct out {
    FILE *stream;
    bool color;
    bool utf8;        /* the locale understands it; else only ASCII goes out */
    int column;       /* characters on the current line */
    enum style style; /* that the terminal is in now */
};

struct out out_open(FILE *stream, enum color_choice choice);

/* Writes text; what a terminal would take as a command comes out as '?'. */
void out_text(struct out *out, enum style style, const char *text);
void out_printf(struct out *out, enum style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Spaces until the column is reached; at least `least` of them. */
void out_tab(struct out *out, int column, int least);

/* Text broken at blanks so that lines end before OUT_WIDTH; the next lines start at `indent`. */
void out_wrapped(struct out *out, enum style style, int indent, const char *text);

int text_width(const char *text);

/* The text, or its start and `...`, in at most `width` characters. */
const char *text_fit(struct pool *pool, const char *text, int width);

#endif
