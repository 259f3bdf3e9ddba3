/* SPDX-License-Identifier: MIT */
/*
 * snapshot.c - what every thread of a process does, as a finding
 *
 * It is no defect, so it is a note: the sentence counts who does what, and the reason says why
 * nothing worse is said, or what could not be seen.
 */
#include "detector/cli/attach/snapshot.h"

#include <string.h>

#include "detector/cli/attach/draft.h"
#include "detector/cli/finding/finding.h"

enum activity { LOCKS, JOINS, WAKE_UPS, TIMED, CALLS, RUNS, ENDED, OURS, ACTIVITIES };

static const struct {
    const char *one, *several;
} words[ACTIVITIES] = {
    [LOCKS] = {"waits for a lock", "wait for locks"},
    [JOINS] = {"joins another", "join others"},
    [WAKE_UPS] = {"waits to be woken", "wait to be woken"},
    [TIMED] = {"waits with a time limit", "wait with a time limit"},
    [CALLS] = {"is in a system call", "are in system calls"},
    [RUNS] = {"runs", "run"},
    [ENDED] = {"has ended", "have ended"},
    [OURS] = {"is Gridlock's own", "are Gridlock's own"},
};

static bool is_one_of(const char *operation, const char *const *list)
{
    for (; *list != NULL; list++)
        if (strcmp(operation, *list) == 0)
            return true;
    return false;
}

static enum activity activity_of(const struct waiting *w)
{
    static const char *const locks[] = {"lock", "read-lock", "write-lock", "once", NULL};

    if (w->end == HAS_ENDED)
        return w->ours ? OURS : ENDED;
    if (w->operation == NULL || strcmp(w->operation, "spin-lock") == 0)
        return RUNS;
    if (strcmp(w->operation, "system-call") == 0)
        return CALLS;
    if (w->timed)
        return TIMED;
    if (is_one_of(w->operation, locks))
        return LOCKS;
    return strcmp(w->operation, "join") == 0 ? JOINS : WAKE_UPS;
}

/* `5 threads: 2 wait for locks, 1 joins another, 2 are in system calls` */
static const char *sentence(struct pool *pool, const struct look *look)
{
    size_t counts[ACTIVITIES] = {0}, threads = look->image->thread_count;
    const char *text = pool_printf(pool, "%zu thread%s", threads, threads == 1 ? "" : "s");
    const char *before = ":";

    for (size_t i = 0; i < threads; i++)
        counts[activity_of(&look->waits[i])]++;
    for (int a = 0; a < ACTIVITIES; a++) {
        if (counts[a] == 0)
            continue;
        text = pool_printf(pool, "%s%s %zu %s", text, before, counts[a],
                           counts[a] == 1 ? words[a].one : words[a].several);
        before = ",";
    }
    return text;
}

static bool all_wait(const struct look *look)
{
    for (size_t i = 0; i < look->image->thread_count; i++) {
        enum wait_end end = look->waits[i].end;

        if (end == ENDS_BY_ITSELF)
            return false;
    }
    return look->image->thread_count > 0;
}

static bool any_dead(const struct look *look, const struct wait_node *nodes)
{
    for (size_t i = 0; i < look->image->thread_count; i++)
        if (nodes[i].dead)
            return true;
    return false;
}

/* Why there is no deadlock beside it, where one might think so. */
static const char *reason(struct pool *pool, const struct look *look, const struct wait_node *nodes)
{
    if (look->image->libc == IMAGE_MUSL)
        return "the program uses musl: who holds its locks is not known";
    if (any_dead(look, nodes) || !all_wait(look))
        return NULL;
    if (look->outsider != NULL)
        return pool_printf(pool,
                           "every thread waits, and only a handler of a signal (%s) could wake one",
                           look->outsider);
    if (!look->image->live)
        return "every thread waits; whether a signal handler could wake one, a core does not tell";
    return "every thread waits, but not all of them stood still between two looks";
}

struct finding *snapshot_finding(const struct look *look, const struct wait_node *nodes)
{
    size_t count = look->image->thread_count;
    struct pool scratch = {NULL};
    size_t *order = pool_array(&scratch, count, sizeof(*order));
    struct draft d;

    for (size_t i = 0; i < count; i++)
        order[i] = i;
    d = draft_begin(look, "snapshot", "note", order, count, 0);
    if (d.finding != NULL) {
        d.finding->message = sentence(&d.finding->pool, look);
        d.finding->reason = reason(&d.finding->pool, look, nodes);
    }
    pool_free(&scratch);
    return d.finding;
}
