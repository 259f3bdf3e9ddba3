/* SPDX-License-Identifier: MIT */
/*
 * handle_text.c - what do the source lines call a channel, a WaitGroup, a context?
 *
 * The same channel is `out` here and `in` there. The name that is right everywhere is the one it
 * got where it was made:
 * 1. `p.jobs = chan_make(job_chan, 8)` makes p.jobs. If a function returns what it makes, ask the
 *    line that called it.
 * 2. Else the first argument of the call: `s->out` of chan_send(s->out, n). In a select the n-th
 *    case of the source is the n-th of the wait.
 * 3. A direction or a part of a handle is the handle: jobs.receiver, jobs.chan, context_done(ctx).
 * A line on which several calls could be meant, and none stands in the column that the debug
 * information names, tells nothing.
 */
#include "detector/cli/names/handle_text.h"

#include <string.h>

#include "detector/cli/names/call_site.h"
#include "detector/cli/names/statement.h"

enum { MOST_CALLERS = 3 };

static const char *const makers[] = {"chan_make",
                                     "chan_new",
                                     "time_after",
                                     "timer_new",
                                     "ticker_new",
                                     "context_with_cancel",
                                     "context_with_cancel_cause",
                                     "context_with_timeout",
                                     "context_with_deadline",
                                     "context_without_cancel",
                                     NULL};
static const char *const sends[] = {"chan_send", "chan_try_send", "SEND", NULL};
static const char *const receives[] = {"chan_recv", "chan_try_recv", "RECV", "RECV_OK", NULL};
static const char *const closes[] = {"chan_close", "chan_free", NULL};
static const char *const waitgroups[] = {"waitgroup_wait", "waitgroup_add", "waitgroup_done",
                                         "waitgroup_go", NULL};
static const char *const contexts[] = {"context_cancel", "context_cancel_cause", "context_free",
                                       "context_done", NULL};
static const char *const cases[] = {"SEND", "RECV", "RECV_OK", NULL};
static const char *const selects[] = {"chan_select", NULL};
static const char *const *const select_list[] = {selects, NULL};
static const char *const *const anything[] = {sends, receives, closes, waitgroups, contexts, NULL};

static const struct operation_calls {
    const char *operation;
    const char *const *calls[2];
} operations[] = {
    {"send", {sends}},      {"receive", {receives}},
    {"close", {closes}},    {"waitgroup-wait", {waitgroups}},
    {"cancel", {contexts}},
};

static bool is_one_of(const char *text, const struct call *call, const char *const *const *lists)
{
    for (; *lists != NULL; lists++)
        for (const char *const *name = *lists; *name != NULL; name++)
            if (call_is(text, call, *name))
                return true;
    return false;
}

/* The only call of one of these names, or the one that stands exactly at `at` (0: unknown). */
static bool find_one(const char *text, const char *const *const *lists, size_t at,
                     struct call *found)
{
    struct call call;
    size_t next = 0, count = 0;

    while (call_next(text, &next, &call)) {
        if (!is_one_of(text, &call, lists))
            continue;
        if (at > 0 && call.name.start + 1 == at) {
            *found = call;
            return true;
        }
        if (count++ == 0)
            *found = call;
    }
    return count == 1;
}

/* Statement and, counted from 1, where in it the frame's call stands. */
static const char *text_of_frame(struct finding *f, const struct frame *frame, size_t *at)
{
    size_t start;
    const char *text = statement_text(&f->pool, frame->file, frame->line, &start);

    *at = frame->column > 0 ? start + (size_t)frame->column : 0;
    return text;
}

/* --- 3. --- */

static const char *without_suffix(struct pool *pool, const char *name)
{
    static const char *const suffixes[] = {".sender", ".receiver", ".chan"};

    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        size_t length = strlen(name), suffix = strlen(suffixes[i]);

        if (length > suffix && strcmp(name + length - suffix, suffixes[i]) == 0)
            return pool_copy_n(pool, name, length - suffix);
    }
    return name;
}

static const char *plain_name(struct pool *pool, const char *name)
{
    static const char *const done[] = {"context_done", NULL};
    static const char *const *const lists[] = {done, NULL};
    struct call call;
    const char *inner;

    if (name != NULL && find_one(name, lists, 0, &call) &&
        (inner = call_first_argument(pool, name, &call)) != NULL)
        name = inner;
    return name == NULL ? NULL : without_suffix(pool, name);
}

/* --- 1. --- */

/* What stands before the call's name. */
static bool is_returned(const char *text, const struct call *call)
{
    static const char word[] = "return";
    size_t at = call->name.start;

    while (at > 0 && (strchr(" \t\n(", text[at - 1]) != NULL))
        at--;
    return at >= strlen(word) && strncmp(text + at - strlen(word), word, strlen(word)) == 0;
}

/* The only call of the statement, or the one that stands exactly at `at`, whatever its name. */
static bool find_any(const char *text, size_t at, struct call *found)
{
    struct call call;
    size_t next = 0, count = 0;

    while (call_next(text, &next, &call)) {
        if (count++ == 0 || (at > 0 && call.name.start + 1 == at))
            *found = call;
    }
    return count == 1 || (count > 1 && found->name.start + 1 == at);
}

/* callee: the function of the frame within, which returned what it had made; NULL: none. Without a
 * maker's name it is a macro, or a function that ended with a jump to the maker. */
static bool find_maker(const char *text, size_t at, const char *callee, struct call *call)
{
    const char *const wanted[] = {callee, NULL};
    const char *const *const lists[] = {callee == NULL ? makers : wanted, NULL};

    return find_one(text, lists, at, call) || (callee == NULL && find_any(text, at, call));
}

const char *handle_made_text(struct finding *f, const struct object *o, const char **function)
{
    const struct stack *s = &o->seen_at;
    const char *callee = NULL;
    size_t at = stack_next_visible(s, 0);

    *function = NULL;
    if (strcmp(o->kind, "waitgroup") == 0)
        return NULL; /* nobody makes one: it is a variable */
    for (int level = 0; level < MOST_CALLERS && at < s->count; level++) {
        const struct frame *frame = &s->frames[at];
        size_t column;
        const char *text = text_of_frame(f, frame, &column), *name;
        struct call call;

        if (text == NULL || !find_maker(text, column, callee, &call))
            return NULL;
        *function = frame->function;
        name = call_result_text(&f->pool, text, &call);
        if (name != NULL)
            return plain_name(&f->pool, name);
        if (call_is(text, &call, "time_after"))
            return call_name_text(&f->pool, text, call.whole);
        if (!is_returned(text, &call))
            return NULL;
        callee = frame->function;
        at = stack_next_visible(s, at + 1);
    }
    return NULL;
}

/* --- 2. --- */

static const struct frame *innermost(const struct stack *s)
{
    size_t at = stack_next_visible(s, 0);

    return at < s->count ? &s->frames[at] : NULL;
}

const char *handle_text_at(struct finding *f, const struct stack *s, const char *operation)
{
    const struct frame *frame = innermost(s);
    const char *const *const *lists = anything;
    struct call call;
    const char *text;
    size_t at;

    for (size_t i = 0; operation != NULL && i < sizeof(operations) / sizeof(operations[0]); i++)
        if (strcmp(operations[i].operation, operation) == 0)
            lists = operations[i].calls;
    if (frame == NULL || (text = text_of_frame(f, frame, &at)) == NULL ||
        !find_one(text, lists, at, &call))
        return NULL;
    return plain_name(&f->pool, call_first_argument(&f->pool, text, &call));
}

const char *handle_case_text(struct finding *f, const struct stack *s, size_t index, size_t count)
{
    static const char *const *const case_list[] = {cases, NULL};
    const struct frame *frame = innermost(s);
    struct call select, call, wanted = {.complete = false};
    const char *text;
    size_t at, next, seen = 0;

    if (frame == NULL || (text = text_of_frame(f, frame, &at)) == NULL ||
        !find_one(text, select_list, at, &select))
        return NULL;
    for (next = select.arguments.start; call_next(text, &next, &call);)
        if (call.name.start < select.arguments.end && is_one_of(text, &call, case_list) &&
            seen++ == index)
            wanted = call;
    return seen == count ? plain_name(&f->pool, call_first_argument(&f->pool, text, &wanted))
                         : NULL;
}

bool handle_call_at(struct finding *f, const struct frame *frame)
{
    size_t at, next = 0;
    const char *text = text_of_frame(f, frame, &at);
    struct call call;

    while (text != NULL && call_next(text, &next, &call))
        if (is_one_of(text, &call, anything) || is_one_of(text, &call, select_list))
            return true;
    return false;
}

void name_nil_channels(struct finding *f)
{
    for (size_t i = 0; i < f->thread_count; i++) {
        struct wait *w = f->threads[i].waits;

        if (w == NULL)
            continue;
        if (w->nil && w->nil_name == NULL)
            w->nil_name = handle_text_at(f, &w->stack, w->operation);
        for (size_t k = 0; k < w->case_count; k++)
            if (w->cases[k].object == 0 && w->cases[k].nil_name == NULL)
                w->cases[k].nil_name = handle_case_text(f, &w->stack, k, w->case_count);
    }
}
