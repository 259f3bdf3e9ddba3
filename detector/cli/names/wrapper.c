/* SPDX-License-Identifier: MIT */
/*
 * wrapper.c - look through the program's own names for pthread functions
 *
 * Many programs lock through a function of their own: `xlock(&queue->lock)`. Then the line in xlock()
 * is the same for all locks and says nothing. A frame is such a wrapper if
 * 1. it is the innermost visible one, and its function's name speaks of locking or waiting;
 * 2. the finding knows one single line in it: a function that takes two locks is no wrapper;
 * 3. the line that called it is at hand and does call a function of that name;
 * 4. what it calls is not the runtime: `wait_for_all()` around a receive is the program's own doing.
 * Done twice, for wrappers of wrappers.
 */
#include "detector/cli/names/wrapper.h"

#include <string.h>

#include "detector/cli/base/source.h"
#include "detector/cli/names/call_site.h"
#include "detector/cli/names/handle_text.h"

enum { LEVELS = 2 };

bool may_be_wrapper(const char *function)
{
    static const char *const words[] = {"lock",  "Lock",  "acquire", "Acquire", "enter", "Enter",
                                        "guard", "Guard", "mutex",   "Mutex",   "sem_",  "wait"};

    for (size_t i = 0; function != NULL && i < sizeof(words) / sizeof(words[0]); i++)
        if (strstr(function, words[i]) != NULL)
            return true;
    return false;
}

static bool same_text(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

struct line_search {
    const struct frame *frame;
    bool another;
};

static void look_for_another_line(struct stack *s, void *data)
{
    struct line_search *search = data;

    for (size_t i = 0; i < s->count; i++)
        if (same_text(s->frames[i].function, search->frame->function) &&
            same_text(s->frames[i].file, search->frame->file) &&
            s->frames[i].line != search->frame->line)
            search->another = true;
}

static bool calls(const struct frame *caller, const char *function)
{
    const char *line = source_line(caller->file, caller->line);
    const char *name = function;
    struct call call;

    for (const char *p = function; *p != '\0'; p++)
        if (p[0] == ':' && p[1] == ':')
            name = p + 2;
    return line != NULL && call_find(line, name, 0, &call) &&
           call.name.end - call.name.start == strlen(name) &&
           strncmp(line + call.name.start, name, strlen(name)) == 0;
}

static void hide_wrapper(struct stack *s, void *data)
{
    size_t inner = stack_next_visible(s, 0), outer = stack_next_visible(s, inner + 1);
    struct line_search search = {.frame = &s->frames[inner]};

    if (outer >= s->count || s->frames[inner].file == NULL ||
        !may_be_wrapper(s->frames[inner].function) ||
        !calls(&s->frames[outer], s->frames[inner].function) ||
        handle_call_at(data, &s->frames[inner]))
        return;
    finding_each_stack(data, look_for_another_line, &search);
    s->frames[inner].hidden = !search.another;
}

void hide_wrappers(struct finding *f)
{
    for (int level = 0; f->raw && level < LEVELS; level++)
        finding_each_stack(f, hide_wrapper, f);
}
