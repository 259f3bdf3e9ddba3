/* SPDX-License-Identifier: MIT */
/*
 * tally.c - how often was each finding seen, in which processes, and what became of it?
 *
 * Two findings with the same fingerprint are the same fault, whichever process it is in.
 */
#include "detector/cli/tally.h"

#include <stdio.h>
#include <string.h>

#include "detector/cli/base/path.h"

enum { MOST_NAMED = 8 };

struct process {
    struct process *next;
    const char *name;
    int64_t pid;
};

struct sighting {
    struct sighting *next;
    const char *fingerprint, *title; /* `lock-order-cycle at bank.c:31` */
    enum fate fate;
    bool stuck; /* a deadlock that is certain */
    size_t times;
    struct process *processes;
};

/* At the end of the list, if it is not there yet. */
static void add_process(struct tally *t, struct process **list, const struct finding *f)
{
    for (; *list != NULL; list = &(*list)->next)
        if ((*list)->pid == f->pid)
            return;
    *list = pool_array(&t->pool, 1, sizeof(**list));
    (*list)->name = pool_copy(&t->pool, f->process);
    (*list)->pid = f->pid;
}

static size_t length(const struct process *list)
{
    size_t count = 0;

    for (; list != NULL; list = list->next)
        count++;
    return count;
}

static void note_process(struct tally *t, struct sighting *s, const struct finding *f)
{
    if (f->one_of_several)
        t->several_processes = true;
    add_process(t, &s->processes, f);
    if (s->fate == FATE_SHOWN)
        add_process(t, &t->processes, f);
    s->times++;
}

bool tally_again(struct tally *t, const struct finding *f)
{
    for (struct sighting *s = t->sightings; s != NULL; s = s->next)
        if (strcmp(s->fingerprint, f->fingerprint) == 0) {
            note_process(t, s, f);
            return true;
        }
    return false;
}

static const char *title(struct pool *pool, const struct finding *f)
{
    const struct frame *frame = finding_primary(f);

    if (frame == NULL || frame->file == NULL)
        return pool_printf(pool, "%s in %s", f->name, f->process);
    return pool_printf(pool, "%s at %s:%d", f->name, path_short(frame->file), frame->line);
}

static void count(struct tally *t, const struct finding *f)
{
    if (finding_is(f, "error"))
        t->errors++;
    else if (finding_is(f, "warning"))
        t->warnings++;
    else
        t->notes++;
}

void tally_first(struct tally *t, const struct finding *f, enum fate fate)
{
    struct sighting *s = pool_array(&t->pool, 1, sizeof(*s));

    s->fingerprint = pool_copy(&t->pool, f->fingerprint);
    s->title = title(&t->pool, f);
    s->fate = fate;
    s->stuck = strstr(f->name, "deadlock") != NULL && strcmp(f->confidence, "certain") == 0;
    s->next = t->sightings;
    t->sightings = s;
    t->fates[fate]++;
    note_process(t, s, f);
    if (fate == FATE_SHOWN)
        count(t, f);
}

bool tally_hid_deadlock(const struct tally *t, int64_t pid)
{
    for (const struct sighting *s = t->sightings; s != NULL; s = s->next)
        if (s->stuck && s->fate != FATE_SHOWN)
            for (const struct process *p = s->processes; p != NULL; p = p->next)
                if (p->pid == pid)
                    return true;
    return false;
}

/* ---------------------------------------------------------------- the summary */

static void print_repeated(const struct tally *t)
{
    for (const struct sighting *s = t->sightings; s != NULL; s = s->next) {
        if (s->times < 2 || s->fate != FATE_SHOWN)
            continue;
        fprintf(stderr, "gridlock: %s was seen %zu times", s->title, s->times);
        if (length(s->processes) > 1)
            fprintf(stderr, ", in %zu processes", length(s->processes));
        fputs("\n", stderr);
    }
}

static void print_count(const char *before, size_t number, const char *what)
{
    if (number > 0)
        fprintf(stderr, "%s%zu %s%s", before, number, what, number == 1 ? "" : "s");
}

/* `1 new finding (1 error)`, `no findings` */
static void print_shown(const struct tally *t, const char *fresh)
{
    size_t all = t->fates[FATE_SHOWN];

    if (all == 0) {
        fprintf(stderr, "no %sfindings", fresh);
        return;
    }
    fprintf(stderr, "%zu %sfinding%s (", all, fresh, all == 1 ? "" : "s");
    print_count("", t->errors, "error");
    print_count(t->errors > 0 ? ", " : "", t->warnings, "warning");
    print_count(t->errors + t->warnings > 0 ? ", " : "", t->notes, "note");
    fputs(")", stderr);
}

/* ` in worker (pid 4712)`, ` in 2 processes: worker (pid 4712), worker (pid 4713)` */
static void print_processes(const struct tally *t)
{
    size_t all = length(t->processes), named = 0;

    if (all == 0 || (all == 1 && !t->several_processes))
        return;
    fputs(" in ", stderr);
    if (all > 1)
        fprintf(stderr, "%zu processes: ", all);
    for (const struct process *p = t->processes; p != NULL && named < MOST_NAMED; p = p->next)
        fprintf(stderr, "%s%s (pid %lld)", named++ > 0 ? ", " : "", p->name, (long long)p->pid);
    if (named < all)
        fprintf(stderr, " and %zu more", all - named);
}

void tally_print(struct tally *t, const char *baseline, const char *output)
{
    print_repeated(t);
    if (t->fates[FATE_SHOWN] + t->fates[FATE_SUPPRESSED] + t->fates[FATE_KNOWN] == 0)
        return;
    fputs("gridlock: ", stderr);
    print_shown(t, baseline == NULL ? "" : "new ");
    print_processes(t);
    if (t->fates[FATE_KNOWN] > 0)
        fprintf(stderr, ", %zu known from %s", t->fates[FATE_KNOWN], baseline);
    if (t->fates[FATE_SUPPRESSED] > 0)
        fprintf(stderr, ", %zu suppressed", t->fates[FATE_SUPPRESSED]);
    if (output != NULL)
        fprintf(stderr, ", written to %s", output);
    fputs("\n", stderr);
}

void tally_free(struct tally *t)
{
    pool_free(&t->pool);
    t->sightings = NULL;
    t->processes = NULL;
}
