/* SPDX-License-Identifier: MIT */
/*
 * render.c - which formats are there?
 */
#include "detector/cli/render/render.h"

#include <string.h>

static const struct renderer *const renderers[] = {&render_text,  &render_brief, &render_json,
                                                   &render_sarif, &render_dot,   &render_github,
                                                   &render_html};

enum { RENDERERS = sizeof(renderers) / sizeof(renderers[0]) };

const struct renderer *renderer_find(const char *name)
{
    for (size_t i = 0; i < RENDERERS; i++)
        if (strcmp(renderers[i]->name, name) == 0)
            return renderers[i];
    return NULL;
}

static const char *joined(struct pool *pool, const char *comma, const char *last)
{
    const char *names = renderers[0]->name;

    for (size_t i = 1; i < RENDERERS; i++)
        names = pool_printf(pool, "%s%s%s", names, i + 1 < RENDERERS ? comma : last,
                            renderers[i]->name);
    return names;
}

const char *renderer_names(struct pool *pool)
{
    return joined(pool, ", ", " or ");
}

const char *renderer_choice(struct pool *pool)
{
    return joined(pool, "|", "|");
}
