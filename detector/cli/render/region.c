/* SPDX-License-Identifier: MIT */
/*
 * region.c - the call that a frame of a stack makes, as a stretch of its source line
 *
 * If the call is not found on the line, or goes on below it, the stretch is the rest of the line.
 */
#include "detector/cli/render/region.h"

#include <string.h>

#include "detector/cli/base/source.h"
#include "detector/cli/base/utf8.h"
#include "detector/cli/names/call_site.h"

static size_t trimmed_length(const char *line)
{
    size_t length = strlen(line);

    while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t'))
        length--;
    return length;
}

struct region region_of(struct pool *pool, const struct stack *s, const struct frame *frame)
{
    struct region r = {.line = frame->line, .source = source_line(frame->file, frame->line)};
    size_t start, end;
    struct call call;

    if (r.source == NULL)
        return r;
    start = strspn(r.source, " \t");
    end = trimmed_length(r.source);
    if (call_find(r.source, stack_callee(pool, s, (size_t)(frame - s->frames)), frame->column,
                  &call)) {
        start = call.whole.start;
        end = call.whole.end;
    }
    if (end <= start)
        return r;
    r.start = utf8_count(r.source, start) + 1;
    r.end = utf8_count(r.source, end) + 1;
    return r;
}
