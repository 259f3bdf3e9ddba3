/* SPDX-License-Identifier: MIT */
/* How is JSON written without malloc? See json.h. */
#include "detector/report/json.h"

#include <stdio.h>
#include <string.h>

static void put(struct json *json, char c)
{
    if (json->length < json->size)
        json->text[json->length++] = c;
    else
        json->full = true;
}

static void put_text(struct json *json, const char *text)
{
    while (*text)
        put(json, *text++);
}

/* How many bytes the character at `text` has; 0: it is not UTF-8 (RFC 3629). */
static unsigned character_bytes(const unsigned char *text)
{
    unsigned bytes = text[0] < 0x80 ? 1 : text[0] >> 5 == 6 ? 2 : text[0] >> 4 == 14 ? 3
                                      : text[0] >> 3 == 30 ? 4 : 0;
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t code = bytes > 1 ? text[0] & (0x7fu >> bytes) : text[0];

    for (unsigned i = 1; i < bytes; i++) {
        if (text[i] >> 6 != 2)
            return 0;
        code = code << 6 | (text[i] & 0x3f);
    }
    return code < smallest[bytes] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? 0
                                                                                         : bytes;
}

/* Names and paths are bytes; what is no character becomes the replacement character. */
static void put_quoted(struct json *json, const char *text)
{
    char escape[8];

    put(json, '"');
    while (*text) {
        unsigned bytes = character_bytes((const unsigned char *)text);

        if (!bytes) {
            put_text(json, "\\ufffd");
            text++;
        } else if ((unsigned char)*text < ' ') {
            snprintf(escape, sizeof escape, "\\u%04x", (unsigned char)*text++);
            put_text(json, escape);
        } else {
            if (*text == '"' || *text == '\\')
                put(json, '\\');
            while (bytes--)
                put(json, *text++);
        }
    }
    put(json, '"');
}

static void key_of(struct json *json, const char *key)
{
    if (json->comma)
        put(json, ',');
    json->comma = true;
    if (key) {
        put_quoted(json, key);
        put(json, ':');
    }
}

void json_open(struct json *json, const char *key, char bracket)
{
    key_of(json, key);
    put(json, bracket);
    json->comma = false;
}

void json_close(struct json *json, char bracket)
{
    put(json, bracket);
    json->comma = true;
}

void json_string(struct json *json, const char *key, const char *value)
{
    key_of(json, key);
    put_quoted(json, value);
}

void json_format(struct json *json, const char *key, const char *format, va_list arguments)
{
    char text[400];

    vsnprintf(text, sizeof text, format, arguments);
    json_string(json, key, text);
}

void json_number(struct json *json, const char *key, int64_t value)
{
    char text[24];

    key_of(json, key);
    snprintf(text, sizeof text, "%lld", (long long)value);
    put_text(json, text);
}

void json_bool(struct json *json, const char *key, bool value)
{
    key_of(json, key);
    put_text(json, value ? "true" : "false");
}

void json_null(struct json *json, const char *key)
{
    key_of(json, key);
    put_text(json, "null");
}

void json_address(struct json *json, const char *key, uintptr_t value)
{
    char text[24];

    snprintf(text, sizeof text, "0x%lx", (unsigned long)value);
    json_string(json, key, text);
}
