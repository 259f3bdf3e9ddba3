/* SPDX-License-Identifier: MIT */
/*
 * stuck.c - threads that can never run again, as a finding
 *
 * The sentence, the help and the lesson depend on what the group is: a ring of owners, one thread
 * whose owner will never come, or everybody at rest.
 */
#include "detector/cli/attach/stuck.h"

#include <string.h>

#include "detector/cli/attach/draft.h"
#include "detector/cli/finding/finding.h"

enum { MOST_OTHERS = 24, MOST_PLACES = 12 };

struct group {
    const struct look *look;
    const struct wait_node *nodes;
    size_t number;
    size_t *order; /* the group, then who waits behind it, then the others */
    size_t size, told;
};

static const struct waiting *first_wait(const struct group *g)
{
    return &g->look->waits[g->order[0]];
}

static bool is_operation(const struct waiting *w, const char *operation)
{
    return w->operation != NULL && strcmp(w->operation, operation) == 0;
}

static bool waits_for_itself(const struct group *g)
{
    return g->size == 1 && first_wait(g)->owner == g->order[0];
}

/* 0: of the group, 1: can never run either, 2: the others */
static int rank(const struct group *g, size_t i)
{
    if (g->nodes[i].group == g->number)
        return 0;
    return g->nodes[i].dead ? 1 : 2;
}

static void put_in_order(struct group *g, struct pool *pool)
{
    size_t count = g->look->image->thread_count;

    g->order = pool_array(pool, count, sizeof(*g->order));
    for (int turn = 0; turn < 3; turn++)
        for (size_t i = 0; i < count; i++)
            if (rank(g, i) == turn) {
                g->order[g->told++] = i;
                g->size += turn == 0;
            }
    if (g->told > g->size + MOST_OTHERS)
        g->told = g->size + MOST_OTHERS;
}

static bool all_wait_for_first_object(const struct group *g)
{
    for (size_t i = 0; i < g->size; i++)
        if (g->look->waits[g->order[i]].object != first_wait(g)->object)
            return false;
    return first_wait(g)->object != 0;
}

/* --- the sentence --- */

static const char *tell_self(const struct draft *d, size_t i)
{
    struct pool *pool = &d->finding->pool;
    int id = (int)i + 1, object = draft_object(d, i);

    if (is_operation(&d->look->waits[i], "join"))
        return pool_printf(pool, "{thread:%d} waits for its own end", id);
    if (is_operation(&d->look->waits[i], "once"))
        return pool_printf(
            pool, "{thread:%d} waits for the end of {object:%d}, which it runs itself", id, object);
    return pool_printf(pool, "{thread:%d} waits for {object:%d}, which it holds itself", id,
                       object);
}

static const char *tell_without_owner(const struct draft *d, size_t i)
{
    const struct waiting *w = &d->look->waits[i];
    struct pool *pool = &d->finding->pool;

    if (w->owner_state == OWNER_FORKED)
        return pool_printf(
            pool,
            "{thread:%d} waits for {object:%d}, which thread %d of the parent process "
            "held when this process was forked",
            (int)i + 1, draft_object(d, i), w->owner_tid);
    if (w->owner_state == OWNER_NONE)
        return pool_printf(
            pool,
            "{thread:%d} waits for ever for {object:%d}, which the kernel refused it: it "
            "would have closed a ring of mutexes, or its owner has ended",
            (int)i + 1, draft_object(d, i));
    return pool_printf(pool, "{thread:%d} waits for {object:%d}, whose owner, thread %d, has ended",
                       (int)i + 1, draft_object(d, i), w->owner_tid);
}

/* What it waits for, and who is not there to do it. */
static const char *tell_missing(const struct draft *d, size_t i, const char *who, const char *verb)
{
    static const struct {
        const char *operation, *text, *missing;
    } words[] = {
        {"cond-wait", "a signal of ", "do that"}, {"sem-wait", "a post of ", "do that"},
        {"futex-wait", "a wake on ", "do that"},  {"read-lock", "", "give it back"},
        {"write-lock", "", "give it back"},       {"lock", "", "give it back"},
        {"once", "the end of ", "come to it"},
    };
    const struct waiting *w = &d->look->waits[i];

    for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++)
        if (w->object != 0 && is_operation(w, words[k].operation))
            return pool_printf(&d->finding->pool,
                               "%s %s for %s{object:%d}, and nobody is left to %s", who, verb,
                               words[k].text, draft_object(d, i), words[k].missing);
    return NULL;
}

static const char *tell_at_rest(const struct draft *d, const struct group *g)
{
    const struct waiting *w = first_wait(g);
    struct pool *pool = &d->finding->pool;
    const char *who = draft_names(d, g->order, g->size), *verb = g->size == 1 ? "waits" : "wait";
    const char *text = NULL;

    if (all_wait_for_first_object(g) && is_operation(w, "barrier-wait"))
        return pool_printf(pool, "%s %s at {object:%d}: %s, and nobody is left to come", who, verb,
                           draft_object(d, g->order[0]), w->detail);
    if (all_wait_for_first_object(g))
        text = tell_missing(d, g->order[0], who, verb);
    return text != NULL ? text
                        : pool_printf(pool, "%s %s, and nobody is left to wake %s", who, verb,
                                      g->size == 1 ? "it" : "them");
}

static bool is_at_rest(const struct group *g)
{
    for (size_t i = 0; i < g->size; i++)
        if (g->nodes[g->order[i]].end == ENDS_BY_ANYBODY)
            return true;
    return false;
}

static const char *sentence(const struct draft *d, const struct group *g)
{
    if (is_at_rest(g))
        return tell_at_rest(d, g);
    if (waits_for_itself(g))
        return tell_self(d, g->order[0]);
    if (g->size == 1)
        return tell_without_owner(d, g->order[0]);
    return pool_printf(&d->finding->pool, "%s wait for each other",
                       draft_names(d, g->order, g->size));
}

/* --- name, help, lesson --- */

static const char *name_of(const struct group *g)
{
    if (waits_for_itself(g))
        return is_operation(first_wait(g), "once") ? "once-reentry" : "self-deadlock";
    return first_wait(g)->owner_state == OWNER_FORKED ? "fork-holding-lock" : "deadlock";
}

static bool some_wait_by(const struct group *g, const char *operation)
{
    for (size_t i = 0; i < g->size; i++)
        if (is_operation(&g->look->waits[g->order[i]], operation))
            return true;
    return false;
}

static void advise_at_rest(struct finding *f, const struct group *g)
{
    static const struct {
        const char *operation, *help, *lesson;
    } advices[] = {
        {"barrier-wait",
         "give the barrier the number of threads that really come, also when one gives up",
         "waiting/barrier-misuse"},
        {"cond-wait",
         "look for the signal that was sent too early, or never: gridlock run shows the last one",
         "waiting/lost-wakeup"},
        {"futex-wait", "look for the wake-up that was sent too early, or never",
         "waiting/lost-wakeup"},
        {"write-lock", "do not join, wait or lock again while you hold a lock for reading",
         "deadlocks/recursive-read-lock"},
        {"sem-wait", "post once for each wait, on every path, also on the error paths",
         "waiting/lost-wakeup"},
    };

    for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++)
        if (is_operation(first_wait(g), advices[i].operation)) {
            f->help = advices[i].help;
            f->lesson = advices[i].lesson;
        }
}

/* What stays NULL is taken from the catalogue. */
static void advise(struct finding *f, const struct group *g)
{
    enum owner_state state = first_wait(g)->owner_state;

    if (is_at_rest(g)) {
        advise_at_rest(f, g);
    } else if (g->size == 1 && state == OWNER_ENDED) {
        f->help = "unlock on every path out of the function, also the early ones";
        f->lesson = "locks/missing-unlock-early-return";
    } else if (g->size == 1 && state == OWNER_NONE) {
        f->help = "take the locks in one order everywhere; gridlock run shows where each was taken";
        f->lesson = "deadlocks/abba-lock-order";
    } else if (g->size > 1 && some_wait_by(g, "once")) {
        f->help = "do not let two things that are made once need each other while they are made";
        f->lesson = "waiting/once-reentry";
    } else if (g->size > 1 && some_wait_by(g, "join")) {
        f->help = "give the lock back before the join";
        f->lesson = "locks/blocking-while-holding-lock";
    } else if (g->size > 1) {
        f->help = "take the locks in one order everywhere; gridlock run shows where each was taken";
        f->lesson = g->size > 2 ? "deadlocks/lock-cycle-n" : "deadlocks/abba-lock-order";
    }
}

/* --- places and the cycle --- */

static const char *word_place_of(const struct draft *d, size_t i)
{
    const struct waiting *w = &d->look->waits[i];
    struct pool *pool = &d->finding->pool;
    int object = draft_object(d, i);

    if (is_operation(w, "join") && w->owner != NO_THREAD)
        return pool_printf(pool, "{thread:%d} waits here for the end of {thread:%d}", (int)i + 1,
                           (int)w->owner + 1);
    if (object == 0)
        return pool_printf(pool, "{thread:%d} waits here", (int)i + 1);
    return pool_printf(pool, "{thread:%d} waits for {object:%d} here", (int)i + 1, object);
}

/* Where the program's own frames begin; each thread of which nothing is known has a place of its own. */
static uint64_t caller_pc(const struct group *g, size_t i)
{
    const struct image_thread *t = &g->look->image->threads[g->order[i]];
    size_t caller = g->look->waits[g->order[i]].caller;

    return caller < t->frame_count ? t->frames[caller].pc : i + 1;
}

/* Threads of the group that sleep at the same instruction as `i`, and come after it; or before it. */
static size_t at_the_same_place(const struct group *g, size_t i, bool before)
{
    size_t same = 0, from = before ? 0 : i + 1, end = before ? i : g->size;

    for (size_t k = from; k < end; k++)
        same += caller_pc(g, k) == caller_pc(g, i);
    return same;
}

/* At rest there may be very many, of a pool: where one stands, is where they all stand. */
static void tell_places_at_rest(struct draft *d, const struct group *g)
{
    for (size_t i = 0; i < g->size && d->finding->place_count < MOST_PLACES; i++) {
        size_t others = at_the_same_place(g, i, false);
        int id = (int)g->order[i] + 1;

        if (at_the_same_place(g, i, true) > 0)
            continue;
        draft_place(d, g->order[i], i == 0,
                    others == 0
                        ? word_place_of(d, g->order[i])
                        : pool_printf(&d->finding->pool, "{thread:%d} and %zu other%s wait here",
                                      id, others, others == 1 ? "" : "s"));
    }
}

static void tell_places(struct draft *d, const struct group *g)
{
    if (is_at_rest(g)) {
        tell_places_at_rest(d, g);
        return;
    }
    for (size_t i = 0; i < g->size && i < MOST_PLACES; i++)
        draft_place(d, g->order[i], i == 0, word_place_of(d, g->order[i]));
}

/* What the thread that waits for `owner` wants of it, around the ring. */
static int held_in_ring(const struct draft *d, const struct group *g, size_t owner)
{
    for (size_t i = 0; i < g->size; i++)
        if (d->look->waits[g->order[i]].owner == owner)
            return draft_object(d, g->order[i]);
    return 0;
}

static void tell_cycle(struct draft *d, const struct group *g)
{
    struct finding *f = d->finding;

    f->cycle = pool_array(&f->pool, g->size, sizeof(*f->cycle));
    for (size_t i = 0; i < g->size; i++)
        f->cycle[f->cycle_count++] = (struct edge){.thread = (int)g->order[i] + 1,
                                                   .holds = held_in_ring(d, g, g->order[i]),
                                                   .wants = draft_object(d, g->order[i])};
}

static bool somebody_can_run(const struct group *g)
{
    for (size_t i = 0; i < g->look->image->thread_count; i++) {
        const struct waiting *w = &g->look->waits[i];

        if (!g->nodes[i].dead && w->end != HAS_ENDED && !w->ours)
            return true;
    }
    return false;
}

/* Where the owner is gone, another thread could still unlock in its place: POSIX forbids it for all
 * but robust mutexes, and glibc lets it pass. */
static const char *confidence_of(const struct group *g)
{
    enum owner_state state = first_wait(g)->owner_state;
    bool abandoned = state == OWNER_ENDED || state == OWNER_FORKED;

    return abandoned && somebody_can_run(g) ? "likely" : "certain";
}

struct finding *stuck_finding(const struct look *look, const struct wait_node *nodes, size_t number)
{
    struct group g = {.look = look, .nodes = nodes, .number = number};
    struct pool scratch = {NULL};
    struct draft d;

    put_in_order(&g, &scratch);
    d = draft_begin(look, name_of(&g), "error", g.order, g.told, g.size);
    if (d.finding != NULL) {
        d.finding->message = sentence(&d, &g);
        d.finding->confidence = confidence_of(&g);
        advise(d.finding, &g);
        tell_places(&d, &g);
        if (!is_at_rest(&g) && first_wait(&g)->owner_state == OWNER_KNOWN)
            tell_cycle(&d, &g);
    }
    pool_free(&scratch);
    return d.finding;
}
