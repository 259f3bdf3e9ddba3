/* SPDX-License-Identifier: MIT */
/*
 * Can these demands for locks hang each other?
 *
 * A potential deadlock is a chain of instances D1 .. Dn in which each wants a lock that the next
 * holds, and Dn wants one that D1 holds (iGoodLock: Joshi, Park, Sen, Naik, PLDI 2009). The chain
 * starts with the instance that was just recorded, so each cycle is met when its last part comes.
 *
 * 1. Mark the locks from which a held lock of D1 can be reached; only those are walked.
 * 2. Walk shapes depth first. A shape joins the chain if the wanted mode conflicts with the held
 *    one (rule 2), and if it shares no held lock with a shape of the chain: that would be a gate
 *    (rule 3). Timed and tried demands never became shapes (rule 5); dead locks are gone
 *    from the graph (rule 6).
 * 3. A closed chain of shapes becomes a cycle if it can be cast with instances of pairwise
 *    different threads (rule 1), no two of which are ordered (rule 4) or kept apart by a lock that
 *    a creator holds for its thread (rule 7).
 *
 * The nearest miss is kept with its reason, for --all.
 */
#include "detector/core/held.h"
#include "detector/core/lock_order.h"

struct search {
    struct lock_order *order;
    const struct shape *start;
    uint32_t length;
    uint32_t gate; /* the last one that a creator held for a thread */
    struct cycle_link links[CYCLE_LONGEST];
    struct lock_cycle *best;
};

static bool exclude(const struct shape_lock *a, const struct shape_lock *b)
{
    return a->mode == MODE_EXCLUSIVE || b->mode == MODE_EXCLUSIVE;
}

/* Can asking in mode a have to wait while another thread holds in mode b? */
static bool conflict(const struct search *search, const struct shape_lock *a,
                     const struct shape_lock *b)
{
    return exclude(a, b) || search->order->vertices[a->vertex].readers_queue;
}

static const struct shape_lock *wanted(const struct shape *shape)
{
    return &shape->all[shape->held_count];
}

/* The lock that both hold themselves in modes that exclude each other; 0: none. */
static uint32_t common_gate(const struct shape *a, const struct shape *b)
{
    for (uint32_t i = 0; i < a->held_count; i++)
        for (uint32_t j = 0; j < b->held_count; j++)
            if (a->all[i].vertex == b->all[j].vertex && exclude(&a->all[i], &b->all[j]) &&
                !a->all[i].gate_only && !b->all[j].gate_only)
                return a->all[i].vertex;
    return 0;
}

/* The thread that really holds the i-th lock of the link: its own, or its creator. */
static uintptr_t holder(const struct cycle_link *link, uint32_t i)
{
    return link->shape->all[i].gate_only ? link->instance->all[i].creator : link->instance->thread;
}

/*
 * Rule 7. A lock that a's creator holds for it keeps out whoever must take that lock itself, or
 * has a creator that does; but neither the creator, who has it, nor the creator's other threads.
 */
static uint32_t creators_gate(const struct cycle_link *a, const struct cycle_link *b)
{
    for (uint32_t i = 0; i < a->shape->held_count; i++)
        for (uint32_t j = 0; j < b->shape->held_count; j++)
            if (a->shape->all[i].gate_only && holder(a, i) != holder(b, j) &&
                a->shape->all[i].vertex == b->shape->all[j].vertex &&
                exclude(&a->shape->all[i], &b->shape->all[j]))
                return a->shape->all[i].vertex;
    return 0;
}

static void keep(struct search *search, enum cycle_verdict verdict, uint32_t gate)
{
    struct lock_cycle *best = search->best;

    if (verdict < best->verdict || (verdict == best->verdict && search->length >= best->length))
        return;
    best->verdict = verdict;
    best->gate = gate;
    best->length = search->length;
    for (uint32_t i = 0; i < search->length; i++)
        best->links[i] = search->links[i];
}

/* Step 3: casts links[i..] with instances; links[..i) are cast. The best verdict reached. */
static enum cycle_verdict cast(struct search *search, uint32_t i)
{
    enum cycle_verdict best = CYCLE_ONE_THREAD;
    const struct shape *shape;
    uint32_t gate;

    if (i == search->length)
        return CYCLE_POSSIBLE;
    shape = search->links[i].shape;
    for (uint32_t k = 0; k < shape->instance_count; k++) {
        const struct instance *instance = shape->instances[k];
        enum cycle_verdict verdict = CYCLE_POSSIBLE;

        if (!search->order->steps)
            return best;
        search->order->steps--;
        search->links[i].instance = instance;
        for (uint32_t j = 0; j < i && verdict == CYCLE_POSSIBLE; j++) {
            const struct instance *other = search->links[j].instance;

            if (other->thread == instance->thread)
                verdict = CYCLE_ONE_THREAD;
            else if (order_before(&other->stamp, &instance->stamp) ||
                     order_before(&instance->stamp, &other->stamp))
                verdict = CYCLE_ORDERED;
            else if ((gate = creators_gate(&search->links[i], &search->links[j])) ||
                     (gate = creators_gate(&search->links[j], &search->links[i]))) {
                search->gate = gate;
                verdict = CYCLE_GATED;
            }
        }
        if (verdict == CYCLE_POSSIBLE)
            verdict = cast(search, i + 1);
        if (verdict == CYCLE_POSSIBLE)
            return verdict;
        if (verdict > best)
            best = verdict;
    }
    return best;
}

/* Somebody must be named where a cycle is told that is none. */
static void cast_anyhow(struct search *search)
{
    for (uint32_t i = 1; i < search->length; i++)
        search->links[i].instance = search->links[i].shape->instances[0];
}

static void close_cycle(struct search *search, const struct shape_lock *last_wanted,
                        const struct shape_lock *first_held)
{
    enum cycle_verdict verdict;

    if (!conflict(search, last_wanted, first_held)) {
        cast_anyhow(search);
        keep(search, CYCLE_SHARED, 0);
        return;
    }
    verdict = cast(search, 1);
    if (verdict != CYCLE_POSSIBLE)
        cast_anyhow(search);
    keep(search, verdict, verdict == CYCLE_GATED ? search->gate : 0);
}

static bool in_chain(const struct search *search, const struct shape *shape)
{
    for (uint32_t i = 0; i < search->length; i++)
        if (search->links[i].shape == shape)
            return true;
    return false;
}

/* Does the last shape of the chain want a lock that the first one holds? */
static void try_close(struct search *search)
{
    const struct shape_lock *want = wanted(search->links[search->length - 1].shape);

    for (uint32_t i = 0; i < search->start->held_count; i++)
        if (search->start->all[i].vertex == want->vertex && !search->start->all[i].gate_only) {
            search->links[0].held = i;
            close_cycle(search, want, &search->start->all[i]);
        }
}

/* The chain with the shape at its end is none; say why, if it was about to close. */
static void keep_blocked(struct search *search, enum cycle_verdict verdict, uint32_t gate)
{
    const struct shape_lock *want = wanted(search->links[search->length - 1].shape);

    for (uint32_t i = 0; i < search->start->held_count; i++)
        if (search->start->all[i].vertex == want->vertex) {
            search->links[0].held = i;
            cast_anyhow(search);
            keep(search, verdict, gate);
        }
}

static void extend(struct search *search)
{
    const struct shape_lock *want = wanted(search->links[search->length - 1].shape);
    struct order_edge *edge = search->order->vertices[want->vertex].out;

    if (search->length == CYCLE_LONGEST)
        return;
    for (; edge; edge = edge->next_out) {
        if (search->order->vertices[edge->to].mark != search->order->last_mark)
            continue;
        for (struct edge_shape *entry = edge->shapes; entry; entry = entry->next) {
            const struct shape *shape = entry->shape;
            uint32_t gate = 0;

            if (search->best->verdict == CYCLE_POSSIBLE || !search->order->steps)
                return;
            search->order->steps--;
            if (in_chain(search, shape))
                continue;
            for (uint32_t i = 0; i < search->length && !gate; i++)
                gate = common_gate(search->links[i].shape, shape);
            search->links[search->length++] =
                (struct cycle_link){.shape = shape, .held = entry->held};
            if (gate)
                keep_blocked(search, CYCLE_GATED, gate);
            else if (!conflict(search, want, &shape->all[entry->held]))
                keep_blocked(search, CYCLE_SHARED, 0);
            else {
                try_close(search);
                extend(search);
            }
            search->length--;
        }
    }
}

void lock_cycle_search(struct lock_order *order, const struct shape *shape,
                       const struct instance *instance, struct lock_cycle *best)
{
    struct search search = {.order = order, .start = shape, .length = 1, .best = best};
    const uint32_t want = wanted(shape)->vertex;
    bool reaches = false;

    best->verdict = CYCLE_NONE;
    best->length = 0;
    for (uint32_t i = 0; i < shape->held_count && !reaches; i++)
        reaches = !shape->all[i].gate_only &&
                  topo_order_reaches(order, want, shape->all[i].vertex);
    if (!reaches)
        return;
    order->last_mark++;
    for (uint32_t i = 0; i < shape->held_count; i++)
        if (!shape->all[i].gate_only)
            topo_order_mark_leading_to(order, shape->all[i].vertex);
    search.links[0] = (struct cycle_link){.shape = shape, .instance = instance};
    extend(&search);
}
