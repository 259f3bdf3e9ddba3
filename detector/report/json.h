/* SPDX-License-Identifier: MIT */
/*
 * json.h - writes JSON into a fixed buffer: no malloc, no stdio streams
 *
 * Layer:    detector/report
 * Memory:   the caller's buffer
 * Locking:  the caller's
 * Errors:   json.full is set when the buffer ends; what follows is left out
 *
 * A library would need malloc; the program's malloc may be what is stuck.
 */
#ifndef GRIDLOCK_REPORT_JSON_H
#define GRIDLOCK_REPORT_JSON_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json {
    char *text;
    size_t size, length;
    bool full;
    bool comma; /* the next value of the open object or array needs one before it */
};

/* key == NULL: an element of an array. */
void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket);
void json_string(struct json *json, const char *key, const char *value);
void json_format(struct json *json, const char *key, const char *format, va_list arguments);
void json_number(struct json *json, const char *key, int64_t value);
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);
/* A string such as "0x55d0c0ffee". */
void json_address(struct json *json, const char *key, uintptr_t value);

#endif
