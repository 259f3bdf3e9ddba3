/* SPDX-License-Identifier: MIT */
/*
 * chain.c - who waits for whom, in one line
 *
 *     stage1 -> mid -> stage2 -> out -> nobody
 *
 * 1. An arrow goes from a stuck thread to what it waits for, and from there to the stuck thread that
 *    could end the wait. If several could, or one that is not stuck, there is no line: it would tell
 *    less than the truth.
 * 2. A chain begins at a thread for whom no other waits, or, if they all go round, at the first.
 * 3. It ends at a thread that was there before, or at nobody.
 * Only where channels or WaitGroups are in it (who waits for a lock's holder stands in the table), and
 * where some chain goes through two threads or more.
 */
#include "detector/cli/render/text/chain.h"

#include <string.h>

enum { INDENT = 2 };

static bool is_stuck(const struct thread *t)
{
    return t != NULL && t->doomed && t->waits != NULL;
}

/* False: the line would not be the whole truth. *next is NULL if nobody is left. */
static bool follow(const struct finding *f, const struct thread *t, const struct thread **next)
{
    const struct wait *w = t->waits;

    *next = NULL;
    if (w->for_count == 0 && !wait_is_at_channel(w))
        return false; /* whose task it was, or signal, is not known: it may be one of the stuck */
    for (size_t i = 0; i < w->for_count; i++) {
        const struct thread *other = finding_thread(f, w->for_threads[i]);

        if (other == NULL || thread_is_gone(other))
            continue;
        if (*next != NULL || !is_stuck(other))
            return false;
        *next = other;
    }
    return true;
}

/* The same channel again, or one that never serves anybody. */
static bool adds_nothing(const struct wait *w, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (w->cases[i].object == w->cases[at].object)
            return true;
    return w->cases[at].object == 0;
}

static const char *object_text(struct finding *f, const struct wait *w)
{
    const char *text = "";

    if (w->nil)
        return w->nil_name != NULL ? w->nil_name : "a nil channel";
    if (w->object != 0)
        return finding_object_name(f, w->object);
    for (size_t i = 0; i < w->case_count; i++)
        if (!adds_nothing(w, i))
            text = pool_printf(&f->pool, "%s%s%s", text, text[0] == '\0' ? "" : " or ",
                               finding_object_name(f, w->cases[i].object));
    return text;
}

static bool is_about_handles(const struct finding *f)
{
    for (size_t i = 0; i < f->thread_count; i++) {
        const struct thread *t = &f->threads[i];
        const struct object *o = is_stuck(t) ? finding_object(f, t->waits->object) : NULL;

        if ((o != NULL && object_is_handle(o)) ||
            (is_stuck(t) && (t->waits->nil || t->waits->case_count > 0)))
            return true;
    }
    return false;
}

/* One flag a thread: it stands in a line already. */
struct seen {
    bool *threads;
};

static bool *seen_of(const struct finding *f, const struct seen *seen, const struct thread *t)
{
    return &seen->threads[t - f->threads];
}

static bool is_awaited(const struct finding *f, const struct thread *t)
{
    for (size_t i = 0; i < f->thread_count; i++) {
        const struct thread *next;

        if (is_stuck(&f->threads[i]) && follow(f, &f->threads[i], &next) && next == t)
            return true;
    }
    return false;
}

/* The line that begins at `t`, and how many threads it goes through; NULL if it would not be true. */
static const char *chain_from(struct finding *f, const struct thread *t, const struct seen *seen,
                              size_t *length)
{
    const char *text = finding_thread_name(f, t->id);

    for (*length = 1;; ++*length) {
        const struct thread *next;
        const char *object = object_text(f, t->waits);

        *seen_of(f, seen, t) = true;
        if (!follow(f, t, &next))
            return NULL;
        if (object[0] != '\0') /* a join waits for a thread, not for an object */
            text = pool_printf(&f->pool, "%s -> %s", text, object);
        if (next == NULL)
            return pool_printf(&f->pool, "%s -> nobody", text);
        text = pool_printf(&f->pool, "%s -> %s", text, finding_thread_name(f, next->id));
        if (*seen_of(f, seen, next))
            return text;
        t = next;
    }
}

struct chains {
    const char *lines[CHAIN_LINES];
    size_t count, longest;
};

static void collect(struct finding *f, struct chains *chains)
{
    struct seen seen = {pool_array(&f->pool, f->thread_count, sizeof(bool))};

    for (int round = 0; round < 2; round++) /* first those for whom nobody waits */
        for (size_t i = 0; i < f->thread_count && chains->count < CHAIN_LINES; i++) {
            const struct thread *t = &f->threads[i];
            const char *line;
            size_t length;

            if (!is_stuck(t) || *seen_of(f, &seen, t) || (round == 0 && is_awaited(f, t)) ||
                (line = chain_from(f, t, &seen, &length)) == NULL)
                continue;
            chains->lines[chains->count++] = line;
            chains->longest = length > chains->longest ? length : chains->longest;
        }
}

size_t chain_lines(struct finding *f, const char *lines[CHAIN_LINES])
{
    struct chains chains = {.count = 0};

    if (is_about_handles(f))
        collect(f, &chains);
    if (chains.longest < 2)
        return 0;
    memcpy(lines, chains.lines, chains.count * sizeof(lines[0]));
    return chains.count;
}

void chain_print(struct out *out, struct finding *f)
{
    const char *lines[CHAIN_LINES];
    size_t count = chain_lines(f, lines);

    for (size_t i = 0; i < count; i++) {
        out_tab(out, INDENT, 0);
        out_wrapped(out, BOLD, INDENT + 4, lines[i]);
        out_text(out, PLAIN, "\n");
    }
    if (count > 0)
        out_text(out, PLAIN, "\n");
}
