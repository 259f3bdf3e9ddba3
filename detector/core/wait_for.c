/* SPDX-License-Identifier: MIT */
/*
 * Who can never run again?
 *
 * Not "is there a cycle": a thread that waits for any of two others may stand in a cycle with one
 * and be served by the other. So:
 *
 * 1. Start with the nodes that can run by themselves.
 * 2. Bring each blocked node to life that they can serve; repeat until nothing changes.
 * 3. What is left is deadlocked.
 */
#include "detector/core/wait_for.h"

#include <string.h>

static bool alive(const struct wait_node *node)
{
    return !node->dead && node->state != NODE_EXITED;
}

static bool can_run(const struct wait_node *nodes, const struct wait_node *node,
                    const uint32_t *successors)
{
    uint32_t living = 0;

    for (uint32_t i = 0; i < node->count; i++)
        living += alive(&nodes[successors[node->first + i]]);
    return node->state == NODE_WAITS_ALL ? living == node->count : living > 0;
}

uint32_t wait_for_reduce(struct wait_node *nodes, uint32_t count, const uint32_t *successors)
{
    uint32_t dead = 0;
    bool changed = true;

    for (uint32_t i = 0; i < count; i++) {
        nodes[i].dead = nodes[i].state == NODE_WAITS_ALL || nodes[i].state == NODE_WAITS_ANY;
        dead += nodes[i].dead;
    }
    while (changed && dead) {
        changed = false;
        for (uint32_t i = 0; i < count; i++)
            if (nodes[i].dead && can_run(nodes, &nodes[i], successors)) {
                nodes[i].dead = false;
                dead--;
                changed = true;
            }
    }
    return dead;
}

static void flood(const struct wait_node *nodes, uint32_t count, const uint32_t *successors,
                  uint32_t from, uint8_t *reached)
{
    bool changed = true;

    memset(reached, 0, count);
    reached[from] = 1;
    while (changed) {
        changed = false;
        for (uint32_t i = 0; i < count; i++)
            for (uint32_t k = 0; reached[i] && k < nodes[i].count; k++) {
                uint32_t next = successors[nodes[i].first + k];

                if (nodes[next].dead && !reached[next])
                    reached[next] = changed = true;
            }
    }
}

void wait_for_core(const struct wait_node *nodes, uint32_t count, const uint32_t *successors,
                   uint8_t *reach, bool *core)
{
    for (uint32_t i = 0; i < count; i++)
        flood(nodes, count, successors, i, reach + (size_t)i * count);
    for (uint32_t i = 0; i < count; i++) {
        core[i] = nodes[i].dead;
        for (uint32_t k = 0; k < count && core[i]; k++)
            if (reach[(size_t)i * count + k] && !reach[(size_t)k * count + i])
                core[i] = false;
    }
}

/* Adds `by` to the waiters of each dead successor; tells whether there is one. */
static bool count_waiters(const struct wait_node *nodes, uint32_t node, const uint32_t *successors,
                          uint32_t *waiters, uint32_t by)
{
    bool any = false;

    for (uint32_t k = 0; k < nodes[node].count; k++) {
        uint32_t next = successors[nodes[node].first + k];

        if (nodes[next].dead && next != node) {
            waiters[next] += by;
            any = true;
        }
    }
    return any;
}

void wait_for_core_trimmed(const struct wait_node *nodes, uint32_t count,
                           const uint32_t *successors, uint32_t *waiters, bool *core)
{
    bool changed = true;

    memset(waiters, 0, count * sizeof *waiters);
    for (uint32_t i = 0; i < count; i++) {
        core[i] = nodes[i].dead;
        if (core[i])
            count_waiters(nodes, i, successors, waiters, 1);
    }
    while (changed) {
        changed = false;
        for (uint32_t i = 0; i < count; i++)
            if (core[i] && !waiters[i] &&
                count_waiters(nodes, i, successors, waiters, (uint32_t)-1)) {
                core[i] = false;
                changed = true;
            }
    }
}
