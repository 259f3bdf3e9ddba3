/* SPDX-License-Identifier: MIT */
/*
 * wording.c - operations and places in words
 *
 * An operation that waits for an object is shortened to what a table has room for: the object's kind
 * says the rest ("cond log.more", "sem slots").
 */
#include "detector/cli/names/wording.h"

#include <inttypes.h>
#include <string.h>

#include "detector/cli/base/out.h"
#include "detector/cli/base/path.h"

enum { LONG_CASES = 48 };

static const struct word {
    const char *operation, *word;
    const char *wait; /* what one waits for, before the object's name */
    bool owner;
} words[] = {
    {"lock", "lock", "for", true},
    {"read-lock", "read-lock", "to read-lock", true},
    {"write-lock", "write-lock", "to write-lock", true},
    {"spin-lock", "lock", "for", true},
    {"once", "once", "for the end of once", true},
    {"cond-wait", "cond", "for a signal on", false},
    {"sem-wait", "sem", "for a post of", false},
    {"barrier-wait", "barrier", "for others at", false},
    {"waitgroup-wait", "WaitGroup", "for the tasks of", false},
    {"futex-wait", "futex", "for a wake on", false},
    {"send", "send", "to send on", false},
    {"receive", "receive", "to receive from", false},
    {"select-wait", "select", "for a case of", false},
};

static const struct word *find_word(const char *operation)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i].operation, operation) == 0)
            return &words[i];
    return NULL;
}

bool is_owner_wait(const char *operation)
{
    const struct word *word = find_word(operation);

    return word != NULL && word->owner;
}

static const char *short_word(const char *operation)
{
    const struct word *word = find_word(operation);

    return word == NULL ? operation : word->word;
}

const char *word_kind(const char *kind)
{
    return strcmp(kind, "waitgroup") == 0 ? "WaitGroup" : kind;
}

/* Why the operation on the object cannot go on, as ` (capacity 2, full)`; "" if that is not told. */
static const char *word_state(struct finding *f, const char *operation, int object)
{
    const struct object *o = finding_object(f, object);

    if (o == NULL)
        return "";
    if (strcmp(o->kind, "context") == 0)
        return " (not cancelled)";
    if (o->tasks >= 0)
        return pool_printf(&f->pool, " (%" PRId64 " not done)", o->tasks);
    if (o->capacity == 0)
        return " (unbuffered)";
    if (o->capacity > 0 && strcmp(operation, "send") == 0)
        return pool_printf(&f->pool, " (capacity %" PRId64 ", full)", o->capacity);
    return o->capacity > 0 && strcmp(operation, "receive") == 0 ? " (empty)" : "";
}

/* `send results (nil channel)` */
static const char *word_nil(struct finding *f, const char *operation, const char *name)
{
    if (name != NULL)
        return pool_printf(&f->pool, "%s %s (nil channel)", operation, name);
    return pool_printf(&f->pool, "%s %s a nil channel", operation,
                       strcmp(operation, "send") == 0 ? "on" : "from");
}

const char *word_case(struct finding *f, const struct wait_case *c, bool with_state)
{
    if (c->object == 0)
        return word_nil(f, c->operation, c->nil_name);
    return pool_printf(&f->pool, "%s%s", word_operation(f, c->operation, c->object, NULL, 0),
                       with_state ? word_state(f, c->operation, c->object) : "");
}

/* `receive jobs, receive ctx` */
static const char *word_cases(struct finding *f, const struct wait *w)
{
    const char *text = "";

    for (size_t i = 0; i < w->case_count; i++)
        text = pool_printf(&f->pool, "%s%s%s", text, i == 0 ? "" : ", ",
                           word_case(f, &w->cases[i], false));
    return text;
}

static bool is_select(const struct wait *w)
{
    return strcmp(w->operation, "select") == 0;
}

/* What it is, is told in words: `read from fd 3 (a socket)`. */
static bool is_system_call(const struct wait *w)
{
    return strcmp(w->operation, "system-call") == 0 && w->detail != NULL;
}

const char *word_blocked(struct finding *f, const struct wait *w)
{
    const char *text;

    if (is_system_call(w))
        return w->detail;
    if (is_select(w) && w->case_count == 0)
        return "select without cases";
    if (is_select(w))
        return pool_printf(&f->pool, "select: %s", word_cases(f, w));
    if (w->nil)
        return word_nil(f, w->operation, w->nil_name);
    text = word_operation(f, w->operation, w->object, w->for_threads, w->for_count);
    return pool_printf(&f->pool, "%s%s", text, word_state(f, w->operation, w->object));
}

/* A wait that the runtime made; NULL for any other. */
static const char *word_runtime_wait(struct finding *f, const struct wait *w)
{
    const struct object *o = finding_object(f, w->object);

    if (strcmp(w->operation, "sleep") == 0)
        return "sleeps here";
    if (is_select(w) && w->case_count == 0)
        return "waits here for ever: no case of this select can ever happen";
    if (is_select(w)) {
        const char *cases = word_cases(f, w);

        return text_width(cases) > LONG_CASES
                   ? "waits here in this select"
                   : pool_printf(&f->pool, "waits here for one of: %s", cases);
    }
    if (w->nil)
        return pool_printf(&f->pool, "waits here for ever: %s is a nil channel",
                           w->nil_name != NULL ? w->nil_name : "this");
    if (o != NULL && strcmp(o->kind, "context") == 0)
        return pool_printf(&f->pool, "waits here for the cancellation of %s",
                           finding_object_name(f, w->object));
    return NULL;
}

const char *word_wait(struct finding *f, const struct wait *w)
{
    const struct word *word = find_word(w->operation);
    const char *text = word_runtime_wait(f, w);

    if (text != NULL)
        return text;
    if (is_system_call(w))
        return pool_printf(&f->pool, "waits here: %s", w->detail);
    if (word != NULL && w->object != 0)
        return pool_printf(&f->pool, "waits here %s %s%s", word->wait,
                           finding_object_name(f, w->object),
                           word_state(f, w->operation, w->object));
    if (strcmp(w->operation, "join") == 0 && w->for_count > 0)
        return pool_printf(&f->pool, "waits here for the end of %s",
                           word_threads(f, w->for_threads, w->for_count));
    return pool_printf(&f->pool, "waits here: %s",
                       word_operation(f, w->operation, w->object, w->for_threads, w->for_count));
}

const char *word_threads(struct finding *f, const int *threads, size_t count)
{
    const char *text = "";

    for (size_t i = 0; i < count; i++)
        text = pool_printf(&f->pool, "%s%s%s", text,
                           i == 0           ? ""
                           : i + 1 == count ? " and "
                                            : ", ",
                           finding_thread_name(f, threads[i]));
    return text;
}

/* `sem semaphore #3` would say it twice. `lock mutex #3` and `send channel #3` are something done. */
static bool says_its_kind(const struct finding *f, const char *operation, int object)
{
    const struct object *o = finding_object(f, object);
    const char *kind = o == NULL ? NULL : word_kind(o->kind);

    return o != NULL && o->name != NULL && !is_owner_wait(operation) &&
           strcmp(kind, "channel") != 0 && strcmp(kind, "context") != 0 &&
           strncmp(o->name, kind, strlen(kind)) == 0 && o->name[strlen(kind)] == ' ';
}

const char *word_operation(struct finding *f, const char *operation, int object,
                           const int *for_threads, size_t for_count)
{
    if (object != 0 && says_its_kind(f, operation, object))
        return finding_object_name(f, object);
    if (object != 0)
        return pool_printf(&f->pool, "%s %s", short_word(operation),
                           finding_object_name(f, object));
    if (strcmp(operation, "join") == 0 && for_count > 0)
        return pool_printf(&f->pool, "join %s", word_threads(f, for_threads, for_count));
    return short_word(operation);
}

const char *word_process(struct finding *f)
{
    const char *how = f->forked ? "forked" : "started";

    if (!f->one_of_several)
        return NULL;
    if (f->parent_pid == 0)
        return pool_printf(&f->pool, "%s (pid %" PRId64 ")", f->process, f->pid);
    return pool_printf(&f->pool, "%s (pid %" PRId64 ", %s by %s%s%" PRId64 ")", f->process, f->pid,
                       how, f->parent == NULL ? "" : f->parent, f->parent == NULL ? "" : " ",
                       f->parent_pid);
}

const char *word_place(struct finding *f, const struct frame *frame)
{
    if (frame == NULL)
        return "";
    if (frame->file != NULL && frame->line > 0 && f->lines_only)
        return pool_printf(&f->pool, "line %d", frame->line);
    if (frame->file != NULL && frame->line > 0)
        return pool_printf(&f->pool, "%s:%d", path_base(frame->file), frame->line);
    if (frame->function != NULL)
        return pool_printf(&f->pool, "%s()", frame->function);
    if (frame->module != NULL)
        return pool_printf(&f->pool, "%s+0x%" PRIx64, path_base(frame->module), frame->offset);
    return "";
}

const char *word_sureness(struct finding *f)
{
    if (f->after_ms <= 0 || !finding_is(f, "error"))
        return f->confidence;
    if (f->after_ms < 100)
        return pool_printf(&f->pool, "%s, after %" PRId64 " ms", f->confidence, f->after_ms);
    return pool_printf(&f->pool, "%s, after %.1f s", f->confidence, (double)f->after_ms / 1000);
}
