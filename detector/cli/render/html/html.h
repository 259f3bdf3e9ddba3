/* SPDX-License-Identifier: MIT */
/*
 * html.h - text into a page, so that nothing in it can become markup
 *
 * Layer:    detector/cli/render/html
 * Memory:   none
 * Locking:  none
 * Errors:   none; a stream that fails is noticed by its owner
 *
 * Names, paths and source lines come from outside. They reach a page through these functions only.
 */
#ifndef CLI_HTML_H
#define CLI_HTML_H

#include <stdbool.h>
#include <stdio.h>

/* The text as characters: what HTML would read as markup is escaped; what is no UTF-8, no character
 * that may stand in a page, or turns the direction of reading around, becomes U+FFFD. */
void html_text(FILE *page, const char *text);

/* Markup with text in it. Of printf's directives %s, %d, %zu and %% are known; each %s is escaped. */
void html_put(FILE *page, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The character at text: how many bytes it takes, and whether html_text() shows it as it is. */
struct html_char {
    int bytes;
    bool shown;
    int columns; /* 2 for what is wide, roughly */
};

struct html_char html_next(const char *text);

/* Columns that the text takes in a font of one width. */
int html_width(const char *text);

#endif
