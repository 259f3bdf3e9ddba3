/* SPDX-License-Identifier: MIT */
/*
 * symbolise.c - a finding's addresses become functions, files and lines
 *
 * 1. Which module's range holds the address; what it was loaded at is taken off.
 * 2. A return address is that of the next instruction: the call is one byte before.
 * 3. One address may be several frames, where functions were inlined.
 */
#include "detector/cli/names/symbolise.h"

#include <string.h>

#include "detector/cli/names/frame_filter.h"
#include "detector/cli/symbols/lines.h"

struct module *module_at(const struct finding *f, uint64_t address, uint64_t *inside,
                         const char **path)
{
    *path = NULL;
    *inside = address;
    for (size_t i = 0; i < f->module_count; i++) {
        const struct module_range *range = &f->modules[i];
        struct module *m;
        uint64_t bias;

        if (address < range->start || address >= range->end)
            continue;
        *path = range->path;
        *inside = address - range->start + range->offset;
        m = module_open(range->file != NULL ? range->file : range->path);
        if (m == NULL || !module_bias(m, range->start, range->offset, &bias))
            return NULL;
        *inside = address - bias;
        return m;
    }
    return NULL;
}

static struct stack frames_of(struct finding *f, uint64_t address)
{
    uint64_t inside;
    const char *path;
    struct module *m = module_at(f, address, &inside, &path);

    return lines_at(&f->pool, m, path, inside);
}

static void symbolise_stack(struct stack *s, void *data)
{
    struct finding *f = data;
    struct stack *parts = pool_array(&f->pool, s->count, sizeof(*parts));
    size_t total = 0;
    struct frame *frames;

    for (size_t i = 0; i < s->count; i++) {
        parts[i] = frames_of(f, s->frames[i].address - 1);
        total += parts[i].count;
    }
    frames = pool_array(&f->pool, total, sizeof(*frames));
    total = 0;
    for (size_t i = 0; i < s->count; i++)
        for (size_t k = 0; k < parts[i].count; k++) {
            frames[total] = parts[i].frames[k];
            frames[total].address = s->frames[i].address;
            frames[total].hidden = frame_is_hidden(&frames[total]);
            total++;
        }
    s->frames = frames;
    s->count = total;
}

void symbolise(struct finding *f)
{
    if (!f->raw)
        return;
    finding_each_stack(f, symbolise_stack, f);
    for (size_t i = 0; i < f->thread_count; i++) {
        struct frame *start = &f->threads[i].function;

        /* The first byte of a function, not a return address. */
        if (start->address != 0) {
            struct stack s = frames_of(f, start->address);

            *start = s.frames[s.count - 1];
            start->hidden = frame_is_hidden(start);
        }
    }
}
