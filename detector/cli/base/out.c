/* SPDX-License-Identifier: MIT */
/*
 * out.c - text for people: colour, safe characters, columns
 *
 * Whether there is colour: NO_COLOR (no-color.org) says no; then CLICOLOR_FORCE says yes; then
 * --color; and at last whether the stream is a terminal.
 * Names and source lines come from outside: control characters never reach the terminal.
 */
#include "detector/cli/base/out.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);

    return value != NULL && value[0] != '\0';
}

static bool wants_color(FILE *stream, enum color_choice choice)
{
    const char *terminal = getenv("TERM");

    if (is_set("NO_COLOR"))
        return false;
    if (is_set("CLICOLOR_FORCE") && strcmp(getenv("CLICOLOR_FORCE"), "0") != 0)
        return true;
    if (choice != COLOR_AUTO)
        return choice == COLOR_ALWAYS;
    return isatty(fileno(stream)) && (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

struct out out_open(FILE *stream, enum color_choice choice)
{
    return (struct out){
        .stream = stream,
        .color = wants_color(stream, choice),
        .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
    };
}

static const char *escape_of(enum style style)
{
    static const char *const escapes[] = {
        [PLAIN] = "",          [BOLD] = "\033[1m",      [DIM] = "\033[2m",
        [RED] = "\033[1;31m",  [YELLOW] = "\033[1;33m", [CYAN] = "\033[1;36m",
        [BLUE] = "\033[1;34m", [GREEN] = "\033[32m",
    };

    return escapes[style];
}

/* Bytes of the first `width` characters of a text that has more. */
static size_t text_bytes(const char *text, int width)
{
    size_t bytes = 0;

    for (int left = width > 0 ? width : 0;; bytes++) {
        bool starts = ((unsigned char)text[bytes] & 0xc0) != 0x80;

        if (text[bytes] == '\0' || (starts && left-- == 0))
            return bytes;
    }
}

/* Bytes of the printable character at text; 0 if there is none. */
static size_t printable(const struct out *out, const char *text)
{
    unsigned char c = (unsigned char)*text;
    mbstate_t state = {0};
    wchar_t wide;
    size_t length;

    if (c < 0x80)
        return c >= 0x20 && c != 0x7f;
    if (!out->utf8)
        return 0;
    length = mbrtowc(&wide, text, 4, &state);
    return length >= 2 && length <= 4 && wide >= 0xa0 ? length : 0;
}

/* Only where something changes: a piped report stays readable with colour too. */
static void set_style(struct out *out, enum style style)
{
    if (!out->color || out->style == style)
        return;
    if (out->style != PLAIN)
        fputs("\033[0m", out->stream);
    fputs(escape_of(style), out->stream);
    out->style = style;
}

void out_text(struct out *out, enum style style, const char *text)
{
    if (text[0] != '\0')
        set_style(out, style);
    while (*text != '\0') {
        size_t length = printable(out, text);

        out->column++;
        if (length > 0) {
            fwrite(text, 1, length, out->stream);
            text += length;
        } else {
            if (*text == '\n')
                out->column = 0;
            putc(*text == '\n' ? '\n' : '?', out->stream);
            text++;
            while (((unsigned char)*text & 0xc0) == 0x80)
                text++;
        }
    }
}

void out_printf(struct out *out, enum style style, const char *format, ...)
{
    va_list args;
    char *text = NULL;

    va_start(args, format);
    if (vasprintf(&text, format, args) >= 0) {
        out_text(out, style, text);
        free(text);
    }
    va_end(args);
}

void out_tab(struct out *out, int column, int least)
{
    for (; out->column < column || least > 0; least--) {
        putc(' ', out->stream);
        out->column++;
    }
}

static void new_line(struct out *out, int indent)
{
    out_text(out, PLAIN, "\n");
    out_tab(out, indent, 0);
}

/* The first `width` characters of a word, and then the rest, each on a line of its own. */
static void put_long_word(struct out *out, enum style style, int indent, char *word)
{
    while (text_width(word) > OUT_WIDTH - out->column) {
        size_t bytes = text_bytes(word, OUT_WIDTH - out->column);
        char next = word[bytes];

        word[bytes] = '\0';
        out_text(out, style, word);
        word[bytes] = next;
        word += bytes;
        new_line(out, indent);
    }
    out_text(out, style, word);
}

void out_wrapped(struct out *out, enum style style, int indent, const char *text)
{
    bool first = true;

    if (indent > OUT_WIDTH / 2)
        indent = OUT_WIDTH / 2;
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        char *word = strndup(text, length);

        if (word == NULL)
            return;
        if (!first && out->column + 1 + text_width(word) > OUT_WIDTH)
            new_line(out, indent);
        else if (!first)
            out_text(out, style, " ");
        put_long_word(out, style, indent, word);
        free(word);
        first = false;
        text += length;
        text += strspn(text, " ");
    }
}

int text_width(const char *text)
{
    int width = 0;

    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

const char *text_fit(struct pool *pool, const char *text, int width)
{
    if (text_width(text) <= width || width < 4)
        return text;
    return pool_printf(pool, "%.*s...", (int)text_bytes(text, width - 3), text);
}
