/* SPDX-License-Identifier: MIT */
/*
 * render.c - which formats are there?
 */
#include "detector/cli/render/render.h"

#include <string.h>

static const struct renderer *const renderers[] = {&render_text, &render_brief, &render_json};

enum { RENDERERS = sizeof(renderers) / sizeof(renderers[0]) };

const struct renderer *renderer_find(const char *name)
{
    for (size_t i = 0; i < RENDERERS; i++)
        if (strcmp(renderers[i]->name, name) == 0)
            return renderers[i];
    return NULL;
}

const char *renderer_names(struct pool *pool)
{
    const char *names = renderers[0]->name;

    for (size_t i = 1; i < RENDERERS; i++)
        names = pool_printf(pool, "%s%s%s", names, i + 1 < RENDERERS ? ", " : " or ",
                            renderers[i]->name);
    return names;
}
