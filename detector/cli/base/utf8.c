/* SPDX-License-Identifier: MIT */
/*
 * utf8.c - characters of more than one byte
 *
 * The table of RFC 3629, section 4: it leaves out overlong forms, surrogates, and what is beyond
 * U+10FFFF.
 */
#include "detector/cli/base/utf8.h"

#include <string.h>

static const struct row {
    unsigned char first, last; /* the first byte */
    unsigned char low, high;   /* the second one */
    size_t length;             /* further ones are 80 to BF */
} rows[] = {
    {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
    {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
    {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

size_t utf8_length(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;

    if (p[0] < 0x80)
        return 1;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *row = &rows[i];

        if (p[0] < row->first || p[0] > row->last || p[1] < row->low || p[1] > row->high)
            continue;
        for (size_t k = 2; k < row->length; k++)
            if (p[k] < 0x80 || p[k] > 0xbf)
                return 0;
        return row->length;
    }
    return 0;
}

const char *utf8_repaired(struct pool *pool, const char *text)
{
    static const char replacement[] = "\xef\xbf\xbd";
    char *result = pool_array(pool, 3 * strlen(text) + 1, 1), *end = result;

    while (*text != '\0') {
        size_t length = utf8_length(text);
        const char *from = length == 0 ? replacement : text;
        size_t bytes = length == 0 ? sizeof(replacement) - 1 : length;

        memcpy(end, from, bytes);
        end += bytes;
        text += length == 0 ? 1 : length;
    }
    return result;
}

int utf8_count(const char *text, size_t bytes)
{
    int count = 0;

    for (size_t at = 0; at < bytes && text[at] != '\0'; count++) {
        size_t length = utf8_length(text + at);

        at += length == 0 ? 1 : length;
    }
    return count;
}

const char *utf8_at(const char *text, int count)
{
    while (count-- > 0 && *text != '\0') {
        size_t length = utf8_length(text);

        text += length == 0 ? 1 : length;
    }
    return text;
}
