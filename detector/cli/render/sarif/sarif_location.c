/* SPDX-License-Identifier: MIT */
/*
 * sarif_location.c - messages and places of a SARIF document
 *
 * 1. A place in source is a file and a region: relative to the working directory if it lies below it
 *    (code scanning takes these for paths in the repository), else a file URI.
 * 2. A place without source is an address in its module; its function is told in any case.
 * 3. A place of which nothing is known is the process: readers refuse a result that is nowhere.
 */
#include <inttypes.h>
#include <string.h>

#include "detector/cli/base/path.h"
#include "detector/cli/base/source.h"
#include "detector/cli/base/uri.h"
#include "detector/cli/base/utf8.h"
#include "detector/cli/render/json_parts.h"
#include "detector/cli/render/region.h"
#include "detector/cli/render/sarif/sarif.h"

enum { CONTEXT = 2 }; /* lines around */

/* In a message `{0}` is a placeholder, so braces are doubled (3.11.5); `[a](b)` is a link, so where one
 * would come about brackets are escaped (3.11.6). */
static const char *escaped(struct pool *pool, const char *text)
{
    bool links = strstr(text, "](") != NULL;
    char *result = pool_array(pool, 2 * strlen(text) + 1, 1), *end = result;

    for (; *text != '\0'; text++) {
        if (*text == '{' || *text == '}')
            *end++ = *text;
        else if (links && strchr("[]\\", *text) != NULL)
            *end++ = '\\';
        *end++ = *text;
    }
    return result;
}

json_t *sarif_message(const char *text)
{
    struct pool pool = {NULL};
    json_t *message = json_object();

    json_set(message, "text", json_text(escaped(&pool, text)));
    pool_free(&pool);
    return message;
}

static json_t *artifact_location(struct pool *pool, const char *path)
{
    const char *near = path_short(path);
    json_t *location = json_object();

    json_set(location, "uri", json_text(uri_of_path(pool, near)));
    if (near != path)
        json_set(location, "uriBaseId", json_text(SARIF_BASE));
    return location;
}

static json_t *snippet(const char *text)
{
    json_t *content = json_object();

    json_set(content, "text", json_text(text));
    return content;
}

/* The snippet is what the region covers (3.30.13); the lines around are the context. */
static json_t *region_json(struct pool *pool, const struct region *r)
{
    json_t *region = json_object();
    const char *from;

    json_set(region, "startLine", json_integer(r->line));
    if (r->start == 0)
        return region;
    from = utf8_at(r->source, r->start - 1);
    json_set(region, "startColumn", json_integer(r->start));
    json_set(region, "endLine", json_integer(r->line));
    json_set(region, "endColumn", json_integer(r->end));
    json_set(region, "snippet",
             snippet(pool_copy_n(pool, from, (size_t)(utf8_at(from, r->end - r->start) - from))));
    return region;
}

static json_t *context_json(struct pool *pool, const struct frame *frame)
{
    const char *text = "", *line;
    int first = frame->line > CONTEXT ? frame->line - CONTEXT : 1, last = first - 1;
    json_t *region;

    while (last < frame->line + CONTEXT && (line = source_line(frame->file, last + 1)) != NULL) {
        text = pool_printf(pool, "%s%s\n", text, line);
        last++;
    }
    if (last < frame->line)
        return NULL;
    region = json_object();
    json_set(region, "startLine", json_integer(first));
    json_set(region, "endLine", json_integer(last));
    json_set(region, "snippet", snippet(text));
    return region;
}

static void set_source(struct pool *pool, json_t *physical, const struct stack *s,
                       const struct frame *frame, bool context)
{
    struct region r = region_of(pool, s, frame);

    json_set(physical, "artifactLocation", artifact_location(pool, frame->file));
    json_set(physical, "region", region_json(pool, &r));
    if (context)
        json_set(physical, "contextRegion", context_json(pool, frame));
}

static json_t *address_json(struct pool *pool, const struct frame *frame)
{
    json_t *address = json_object();

    json_set(address, "absoluteAddress", json_integer((json_int_t)frame->offset));
    json_set(address, "kind", json_text("instruction"));
    json_set(
        address, "fullyQualifiedName",
        json_text(pool_printf(pool, "%s+0x%" PRIx64, path_base(frame->module), frame->offset)));
    return address;
}

static json_t *physical_location(struct finding *f, const struct stack *s,
                                 const struct frame *frame, bool context)
{
    json_t *physical = json_object();

    if (frame != NULL && frame->file != NULL && frame->line > 0) {
        set_source(&f->pool, physical, s, frame, context);
    } else if (frame != NULL && frame->module != NULL) {
        json_set(physical, "artifactLocation", artifact_location(&f->pool, frame->module));
        json_set(physical, "address", address_json(&f->pool, frame));
    } else {
        json_set(physical, "artifactLocation", artifact_location(&f->pool, f->process));
    }
    return physical;
}

static json_t *logical_locations(const struct frame *frame)
{
    json_t *array, *function;

    if (frame == NULL || frame->function == NULL)
        return NULL;
    function = json_object();
    json_set(function, "fullyQualifiedName", json_text(frame->function));
    json_set(function, "kind", json_text("function"));
    array = json_array();
    json_array_append_new(array, function);
    return array;
}

json_t *sarif_location(struct finding *f, const struct stack *s, const struct frame *frame,
                       const char *message, int id)
{
    json_t *location = json_object();

    if (id >= 0)
        json_set(location, "id", json_integer(id));
    json_set(location, "physicalLocation", physical_location(f, s, frame, id >= 0));
    json_set(location, "logicalLocations", logical_locations(frame));
    if (message != NULL && message[0] != '\0')
        json_set(location, "message", sarif_message(message));
    return location;
}
