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

static void put_quoted(struct json *json, const char *text)
{
    char escape[8];

    put(json, '"');
    for (; *text; text++) {
        if ((unsigned char)*text < ' ') {
            snprintf(escape, sizeof escape, "\\u%04x", (unsigned char)*text);
            put_text(json, escape);
            continue;
        }
        if (*text == '"' || *text == '\\')
            put(json, '\\');
        put(json, *text);
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
