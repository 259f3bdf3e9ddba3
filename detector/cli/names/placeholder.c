/* SPDX-License-Identifier: MIT */
/*
 * placeholder.c - {object:1} and {thread:2} in the texts become names
 */
#include "detector/cli/names/placeholder.h"

#include <stdio.h>
#include <string.h>

static const char *fill(struct finding *f, const char *text)
{
    const char *filled = "";
    const char *rest = text, *brace;

    if (text == NULL)
        return NULL;
    while ((brace = strchr(rest, '{')) != NULL) {
        const char *name = NULL;
        int id, length = 0;

        if (sscanf(brace, "{object:%9d}%n", &id, &length) == 1 && length > 0)
            name = finding_object_name(f, id);
        else if (sscanf(brace, "{thread:%9d}%n", &id, &length) == 1 && length > 0)
            name = finding_thread_name(f, id);
        if (name == NULL) {
            name = "{";
            length = 1;
        }
        filled = pool_printf(&f->pool, "%s%.*s%s", filled, (int)(brace - rest), rest, name);
        rest = brace + length;
    }
    return pool_printf(&f->pool, "%s%s", filled, rest);
}

void fill_placeholders(struct finding *f)
{
    if (!f->raw)
        return;
    f->message = fill(f, f->message);
    f->reason = fill(f, f->reason);
    f->help = fill(f, f->help);
    for (size_t i = 0; i < f->place_count; i++)
        f->places[i].text = fill(f, f->places[i].text);
}
