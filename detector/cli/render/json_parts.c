/* SPDX-License-Identifier: MIT */
/*
 * json_parts.c - what every format made of JSON is put together from
 */
#include "detector/cli/render/json_parts.h"

#include <stdlib.h>
#include <string.h>

#include "detector/cli/base/utf8.h"

json_t *json_text(const char *value)
{
    struct pool pool = {NULL};
    json_t *string = NULL;

    if (value != NULL)
        string = json_string(value);
    if (value != NULL && string == NULL)
        string = json_string(utf8_repaired(&pool, value));
    pool_free(&pool);
    return string == NULL ? json_null() : string;
}

void json_set(json_t *object, const char *key, json_t *value)
{
    if (value != NULL)
        json_object_set_new(object, key, value);
}

void json_print(FILE *stream, json_t *value, size_t flags)
{
    char *text = json_dumps(value, flags);

    if (text != NULL)
        fprintf(stream, "%s\n", text);
    fflush(stream);
    free(text);
    json_decref(value);
}
