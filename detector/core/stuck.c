/* SPDX-License-Identifier: MIT */
/*
 * Are there threads that can never run again?
 *
 * 1. Take a snapshot, reduce it (wait_for.c). Whoever is dead now is a suspect, with the number
 *    of its wait and the time when it was first seen dead in that wait.
 * 2. Suspects that were dead in the same wait at an earlier look, long enough ago, are dead for
 *    good if they still are when all younger suspects are taken to be running: no phantom made of
 *    states from different moments survives that.
 * 3. The kernel must say that they are asleep; and if their end depends on nobody being left to
 *    wake them, there must be no thread that we do not know, and none that could come to a receiver's
 *    channel for the first time (newcomers.c).
 * 4. The dead fall into groups that wait for each other; each group is one finding. What is only
 *    likely must have lasted a second.
 *
 * A group that merely waits for somebody to come (an idle pool) is left out when another group
 * shows why nobody comes.
 */
#include "detector/core/stuck.h"

#include "detector/core/arena.h"
#include "detector/core/newcomers.h"
#include "detector/core/probe.h"
#include "detector/core/snapshot.h"
#include "detector/core/stuck_report.h"

enum { CORE_LIMIT = 256 };
#define LIKELY_AFTER_NS INT64_C(1000000000)

volatile int stuck_suspected;
void (*stuck_wake_watcher)(void);
unsigned stuck_own_threads;
int stuck_expected;
int stuck_looker;

static bool external_wakers;

struct suspect {
    uint32_t sequence; /* of the wait; 0: no suspect */
    int64_t since;
};

static struct {
    struct snapshot snapshot;
    struct suspect *suspects;
    uint32_t *group;
    bool *core;
    uint8_t *reach;
    uint32_t *waiters;
    unsigned suspect_capacity, group_capacity, core_capacity, reach_capacity,
        waiters_capacity;
} watch;

void stuck_external_wakers(void)
{
    external_wakers = true;
}

static bool make_room(uint32_t count)
{
    return arena_grow((void **)&watch.suspects, &watch.suspect_capacity, count,
                      sizeof *watch.suspects) &&
           arena_grow((void **)&watch.group, &watch.group_capacity, count, sizeof *watch.group) &&
           arena_grow((void **)&watch.core, &watch.core_capacity, count + 3, sizeof *watch.core);
}

/* Step 1. */
static void note_suspects(const struct snapshot *snapshot, int64_t now)
{
    for (uint32_t i = 0; i < snapshot->count; i++) {
        struct suspect *suspect = &watch.suspects[i];

        if (!snapshot->nodes[i].dead)
            suspect->sequence = 0;
        else if (suspect->sequence != snapshot->threads[i].sequence)
            *suspect = (struct suspect){snapshot->threads[i].sequence, now};
    }
}

static bool asleep(const struct snapshot *snapshot, uint32_t i)
{
    return snapshot->threads[i].wait.kind == WAIT_SPIN || thread_at(i)->tid == stuck_looker ||
           probe_asleep(thread_at(i)->tid) != 0;
}

static void let_run(struct snapshot *snapshot, uint32_t i)
{
    snapshot->nodes[i].state = NODE_RUNNING;
}

/* Steps 2 and 3: what is dead without the help of the young, the wakeful, and the new. */
static uint32_t settle(struct snapshot *snapshot, int64_t now, int64_t settled_ns, bool *young)
{
    uint32_t dead;

    for (uint32_t i = 0; i < snapshot->count; i++)
        if (snapshot->nodes[i].dead &&
            (now - watch.suspects[i].since < settled_ns || !asleep(snapshot, i))) {
            let_run(snapshot, i);
            *young = true;
        }
    dead = wait_for_reduce(snapshot->nodes, snapshot->count + 3, snapshot->successors);
    for (uint32_t i = 0; i < snapshot->count && dead; i++)
        if (snapshot->nodes[i].dead && snapshot->threads[i].weak &&
            snapshot_at_channel(&snapshot->threads[i]) && newcomers_may_serve(snapshot, i, now)) {
            let_run(snapshot, i);
            *young = true;
        }
    return *young ? wait_for_reduce(snapshot->nodes, snapshot->count + 3, snapshot->successors)
                  : dead;
}

static bool needs_nobody_else(const struct snapshot *snapshot)
{
    for (uint32_t i = 0; i < snapshot->count; i++)
        if (snapshot->nodes[i].dead &&
            (snapshot->threads[i].by_any || snapshot_at_channel(&snapshot->threads[i])))
            return true;
    return false;
}

/* A thread that was not created through us might wake them, or a goroutine that will be started. The
 * process's first thread stays in the kernel's list after its end. */
static bool unknown_threads(void)
{
    unsigned all = probe_thread_count();
    const struct thread *leader = thread_by_tid((int)sys_call(SYS_getpid, 0, 0, 0, 0, 0, 0));

    if (all && (!leader || leader->state != THREAD_ALIVE))
        all--;
    return all > thread_alive_count() + stuck_own_threads ||
           __atomic_load_n(&stuck_expected, __ATOMIC_RELAXED) > 0;
}

static void unite(uint32_t count, uint32_t a, uint32_t b)
{
    uint32_t from = watch.group[a], to = watch.group[b];

    for (uint32_t i = 0; i < count; i++)
        if (watch.group[i] == from)
            watch.group[i] = to;
}

/* Step 4. Threads that wait for anybody belong together: each could have served the others. */
static void make_groups(const struct snapshot *snapshot)
{
    uint32_t any = UINT32_MAX;

    for (uint32_t i = 0; i < snapshot->count; i++)
        watch.group[i] = i;
    for (uint32_t i = 0; i < snapshot->count; i++) {
        const struct wait_node *node = &snapshot->nodes[i];

        if (!node->dead)
            continue;
        if (snapshot->threads[i].by_any) {
            if (any != UINT32_MAX)
                unite(snapshot->count, i, any);
            any = i;
            continue;
        }
        for (uint32_t k = 0; k < node->count; k++) {
            uint32_t next = snapshot->successors[node->first + k];

            if (next < snapshot->count && snapshot->nodes[next].dead)
                unite(snapshot->count, i, next);
        }
    }
}

/* A WaitGroup's wait that anybody might have ended is over when its tasks are: they are the reason. */
static void add_tasks_to_core(const struct snapshot *snapshot)
{
    bool for_tasks = false;

    for (uint32_t i = 0; i < snapshot->count; i++)
        for_tasks |= watch.core[i] && snapshot->threads[i].by_any &&
                     snapshot->threads[i].wait.kind == WAIT_WAITGROUP;
    for (uint32_t i = 0; i < snapshot->count && for_tasks; i++)
        watch.core[i] |= snapshot->nodes[i].dead && snapshot_at_channel(&snapshot->threads[i]);
}

/* Waiting for anybody leads nowhere in particular: such a thread is a dead end by itself. */
static void find_core(struct snapshot *snapshot, uint32_t dead)
{
    for (uint32_t i = 0; i < snapshot->count; i++) {
        watch.core[i] = snapshot->nodes[i].dead;
        if (snapshot->threads[i].by_any)
            snapshot->nodes[i].count = 0;
    }
    if (dead <= CORE_LIMIT && snapshot->count <= 4 * CORE_LIMIT &&
        arena_grow((void **)&watch.reach, &watch.reach_capacity, snapshot->count * snapshot->count,
                   1))
        wait_for_core(snapshot->nodes, snapshot->count, snapshot->successors, watch.reach,
                      watch.core);
    else if (arena_grow((void **)&watch.waiters, &watch.waiters_capacity, snapshot->count,
                        sizeof *watch.waiters))
        wait_for_core_trimmed(snapshot->nodes, snapshot->count, snapshot->successors,
                              watch.waiters, watch.core);
    add_tasks_to_core(snapshot);
}

/* Is nobody left who could do anything? */
static bool at_rest(const struct snapshot *snapshot)
{
    for (uint32_t i = 0; i < snapshot->count; i++)
        if (snapshot->nodes[i].state != NODE_EXITED && !snapshot->nodes[i].dead)
            return false;
    return !snapshot->external;
}

struct group_facts {
    uint32_t members, news; /* news: not reported before */
    bool only_likely_before; /* reported, but not as certain */
    bool weak, only_any;
    int64_t since; /* of its youngest wait in the core */
};

static struct group_facts look_at_group(const struct snapshot *snapshot, uint32_t group)
{
    struct group_facts facts = {.only_any = true};

    for (uint32_t i = 0; i < snapshot->count; i++) {
        const struct snapshot_thread *thread = &snapshot->threads[i];

        if (!snapshot->nodes[i].dead || watch.group[i] != group)
            continue;
        facts.members++;
        facts.news += thread_at(i)->reported != thread->sequence;
        facts.only_likely_before |= !thread_at(i)->reported_sure;
        facts.weak |= thread->weak;
        if (!watch.core[i])
            continue;
        facts.only_any &= thread->by_any;
        if (thread->wait.since > facts.since)
            facts.since = thread->wait.since;
    }
    return facts;
}

static void mark_reported(const struct snapshot *snapshot, uint32_t group, bool sure)
{
    for (uint32_t i = 0; i < snapshot->count; i++)
        if (snapshot->nodes[i].dead && watch.group[i] == group) {
            thread_at(i)->reported = snapshot->threads[i].sequence;
            thread_at(i)->reported_sure = sure;
        }
}

static bool is_first_of_group(const struct snapshot *snapshot, uint32_t i)
{
    if (!snapshot->nodes[i].dead)
        return false;
    for (uint32_t k = 0; k < i; k++)
        if (snapshot->nodes[k].dead && watch.group[k] == watch.group[i])
            return false;
    return true;
}

static bool explained_by_other_group(const struct snapshot *snapshot, uint32_t group)
{
    for (uint32_t i = 0; i < snapshot->count; i++)
        if (snapshot->nodes[i].dead && watch.group[i] != group && watch.core[i] &&
            !snapshot->threads[i].by_any)
            return true;
    return false;
}

/* Reports what is ready to be reported; *certain: among it was a certain one. */
static enum stuck_result report_groups(struct snapshot *snapshot, int64_t now, bool *certain)
{
    enum stuck_result result = STUCK_NOTHING;
    bool rest = at_rest(snapshot);

    for (uint32_t i = 0; i < snapshot->count; i++) {
        struct group_facts facts;
        bool sure;

        if (!is_first_of_group(snapshot, i))
            continue;
        facts = look_at_group(snapshot, watch.group[i]);
        sure = !facts.weak || rest;
        if (!facts.news && sure && facts.only_likely_before) {
            mark_reported(snapshot, watch.group[i], true);
            *certain = true; /* told before; now it is known to be the end */
        }
        if (!facts.news || (facts.only_any && explained_by_other_group(snapshot, watch.group[i])))
            continue;
        if (!sure && now - facts.since < LIKELY_AFTER_NS) {
            result = result == STUCK_NOTHING ? STUCK_LATER : result;
            continue;
        }
        stuck_report(&(struct stuck_group){.snapshot = snapshot,
                                           .group = watch.group,
                                           .core = watch.core,
                                           .id = watch.group[i],
                                           .at_rest = rest,
                                           .confidence = sure ? CONFIDENCE_CERTAIN
                                                              : CONFIDENCE_LIKELY,
                                           .now = now});
        mark_reported(snapshot, watch.group[i], sure);
        *certain |= sure;
        result = STUCK_REPORTED;
    }
    return result;
}

enum stuck_result stuck_look(int64_t now, int64_t settled_ns)
{
    struct snapshot *snapshot = &watch.snapshot;
    enum stuck_result result;
    bool young = false, certain = false;
    uint32_t dead;

    if (!snapshot_take(snapshot, external_wakers, NULL) || !make_room(snapshot->count))
        return STUCK_NOTHING;
    dead = wait_for_reduce(snapshot->nodes, snapshot->count + 3, snapshot->successors);
    note_suspects(snapshot, now);
    if (dead)
        dead = settle(snapshot, now, settled_ns, &young);
    if (!dead)
        return young ? STUCK_LATER : STUCK_NOTHING;
    if (needs_nobody_else(snapshot) && unknown_threads())
        return STUCK_LATER;
    find_core(snapshot, dead);
    make_groups(snapshot);
    result = report_groups(snapshot, now, &certain);
    if (certain)
        report_deadlock_action();
    return young && result == STUCK_NOTHING ? STUCK_LATER : result;
}
