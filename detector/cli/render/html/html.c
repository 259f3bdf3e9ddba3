/* SPDX-License-Identifier: MIT */
/*
 * html.c - how does text from outside get into a page without becoming markup?
 *
 * 1. A page is UTF-8, wherever it is made. Bytes that are none become U+FFFD one by one.
 * 2. So do control characters and noncharacters, which HTML forbids, and the marks that reverse the
 *    direction of reading, with which a name or a line could show something else than it is.
 * 3. & < > " and ' become entities: the same text is then safe between tags and in attributes.
 * Sources: HTML Standard, 13.2.3.5 "Preprocessing the input stream"; CVE-2021-42574.
 */
#include "detector/cli/render/html/html.h"

#include <stdarg.h>

#include "detector/cli/base/utf8.h"

/* Requires: `length` bytes are one character. */
static long decode(const unsigned char *s, size_t length)
{
    long point = length == 1 ? s[0] : s[0] & (0x7f >> length);

    for (size_t i = 1; i < length; i++)
        point = point << 6 | (s[i] & 0x3f);
    return point;
}

static bool is_control(long point)
{
    return point < 0x20 || (point >= 0x7f && point <= 0x9f);
}

static bool is_noncharacter(long point)
{
    return (point & 0xfffe) == 0xfffe || (point >= 0xfdd0 && point <= 0xfdef);
}

static bool turns_direction(long point)
{
    return point == 0x200e || point == 0x200f || point == 0x061c ||
           (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

struct html_char html_next(const char *text)
{
    size_t length = utf8_length(text);
    long point;

    if (length == 0)
        return (struct html_char){.bytes = 1, .columns = 1};
    point = decode((const unsigned char *)text, length);
    return (struct html_char){
        .bytes = (int)length,
        .shown = !is_control(point) && !is_noncharacter(point) && !turns_direction(point),
        .columns = point >= 0x1100 && point != 0x2026 ? 2 : 1,
    };
}

int html_width(const char *text)
{
    int width = 0;

    while (*text != '\0') {
        struct html_char c = html_next(text);

        width += c.columns;
        text += c.bytes;
    }
    return width;
}

static const char *entity_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void html_text(FILE *page, const char *text)
{
    while (*text != '\0') {
        struct html_char c = html_next(text);
        const char *entity = entity_of(*text);

        if (!c.shown)
            fputs("\xef\xbf\xbd", page);
        else if (entity != NULL)
            fputs(entity, page);
        else
            fwrite(text, 1, (size_t)c.bytes, page);
        text += c.bytes;
    }
}

void html_put(FILE *page, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    for (const char *p = format; *p != '\0'; p++) {
        if (*p != '%') {
            putc(*p, page);
        } else if (*++p == 's') {
            html_text(page, va_arg(args, const char *));
        } else if (*p == 'd') {
            fprintf(page, "%d", va_arg(args, int));
        } else if (*p == 'z') {
            fprintf(page, "%zu", va_arg(args, size_t));
            p++; /* its u */
        } else {
            putc(*p, page);
        }
    }
    va_end(args);
}
