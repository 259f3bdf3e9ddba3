/* SPDX-License-Identifier: MIT */
/*
 * findings.c - what two looks at a process, or one at a core, amount to
 *
 * A look at a living process is not one moment: its threads go on while they are read one after
 * another. So only those threads count as waiting that did not run between the looks, and wait for the
 * same, by the same words in memory, in both. What they hold they held all the time between, so
 * whatever ring they are in is one.
 */
#include "detector/cli/attach/findings.h"

#include <stdlib.h>

#include "detector/cli/attach/snapshot.h"
#include "detector/cli/attach/stuck.h"
#include "detector/cli/finding/finding.h"

static void fill_nodes(struct wait_node *nodes, const struct look *first, const struct look *look)
{
    for (size_t i = 0; i < look->image->thread_count; i++) {
        const struct waiting *w = &look->waits[i];

        nodes[i] = (struct wait_node){.end = w->end, .owner = w->owner};
        if (w->end != HAS_ENDED && first != look && !look_agrees(first, look, i))
            nodes[i].end = ENDS_BY_ITSELF;
    }
}

struct finding **attach_findings(const struct look *first, const struct look *second, size_t *count)
{
    const struct look *look = second != NULL ? second : first;
    struct pool scratch = {NULL};
    struct wait_node *nodes = pool_array(&scratch, look->image->thread_count, sizeof(*nodes));
    struct finding **list;
    size_t groups;

    *count = 0;
    fill_nodes(nodes, first, look);
    groups = wait_reduce(nodes, look->image->thread_count, look->outside);
    list = calloc(groups + 1, sizeof(struct finding *));
    for (size_t i = 0; list != NULL && i <= groups; i++) {
        list[*count] = i < groups ? stuck_finding(look, nodes, i) : snapshot_finding(look, nodes);
        *count += list[*count] != NULL;
    }
    pool_free(&scratch);
    return list;
}
