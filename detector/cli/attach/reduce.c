/* SPDX-License-Identifier: MIT */
/*
 * reduce.c - who can never run again, and who of them is the reason?
 *
 * 1. Alive is who goes on by itself. Bring to life whom they can serve, until nothing changes.
 *    What is left is dead (Knapp 1987, the AND-OR model).
 * 2. Every dead thread that waits for an owner leads to one other thread. Follow that: a ring is a
 *    group, and so is a thread whose wait nobody can end. Others only wait behind these.
 * 3. Where there is no such group, all are dead because everybody waits: then those are the group who
 *    wait for anybody, and who waits for an owner waits behind them.
 */
#include "detector/cli/attach/reduce.h"

static bool can_run(const struct wait_node *nodes, const struct wait_node *node, bool anybody)
{
    switch (node->end) {
    case ENDS_BY_ITSELF:
        return true;
    case ENDS_BY_OWNER:
        return !nodes[node->owner].dead;
    case ENDS_BY_ANYBODY:
        return anybody;
    case ENDS_NEVER:
    case HAS_ENDED:
        return false;
    }
    return true;
}

static void mark_dead(struct wait_node *nodes, size_t count, bool anybody)
{
    bool changed = true;

    for (size_t i = 0; i < count; i++)
        nodes[i].dead = true;
    while (changed) {
        changed = false;
        for (size_t i = 0; i < count; i++)
            if (nodes[i].dead && can_run(nodes, &nodes[i], anybody)) {
                nodes[i].dead = false;
                anybody = changed = true;
            }
    }
    for (size_t i = 0; i < count; i++)
        nodes[i].dead = nodes[i].dead && nodes[i].end != HAS_ENDED;
}

/* The first thread of the ring that `from` leads to; `count` if it leads to no ring. */
static size_t ring_of(const struct wait_node *nodes, size_t count, size_t from)
{
    size_t at = from;

    for (size_t steps = 0; steps < count; steps++) {
        if (nodes[at].end != ENDS_BY_OWNER)
            return count;
        at = nodes[at].owner;
    }
    return at;
}

static void mark_ring(struct wait_node *nodes, size_t first, size_t group)
{
    size_t at = first;

    do {
        nodes[at].group = group;
        at = nodes[at].owner;
    } while (at != first);
}

/* Nobody is left who could end its wait. */
static bool is_orphan(const struct wait_node *nodes, const struct wait_node *node)
{
    return node->end == ENDS_NEVER ||
           (node->end == ENDS_BY_OWNER && nodes[node->owner].end == HAS_ENDED);
}

size_t wait_reduce(struct wait_node *nodes, size_t count, bool outside)
{
    size_t groups = 0;
    bool any_dead = false;

    mark_dead(nodes, count, outside);
    for (size_t i = 0; i < count; i++)
        nodes[i].group = NO_GROUP;
    for (size_t i = 0; i < count; i++) {
        size_t ring = nodes[i].dead ? ring_of(nodes, count, i) : count;

        any_dead = any_dead || nodes[i].dead;
        if (ring < count && nodes[ring].group == NO_GROUP)
            mark_ring(nodes, ring, groups++);
        else if (nodes[i].dead && is_orphan(nodes, &nodes[i]))
            nodes[i].group = groups++;
    }
    if (groups > 0 || !any_dead)
        return groups;
    for (size_t i = 0; i < count; i++)
        nodes[i].group = nodes[i].dead && nodes[i].end == ENDS_BY_ANYBODY ? 0 : NO_GROUP;
    return 1;
}
