/* SPDX-License-Identifier: MIT */
/*
 * wait_graph.c - the wait-for graph of a finding, as a picture shows it
 *
 * 1. What the threads hold and wait for. A lock's owner whose holding is not told is who can end the
 *    wait for it; of other objects those who can end a wait are no owners, and get an edge of another
 *    kind.
 * 2. Where nobody waits (it only could hang), the finding's cycle: who holds what and wants what.
 * 3. A node is drawn when the first edge touches it. Without edges all that matters are nodes.
 * The same edge twice is one.
 */
#include "detector/cli/render/wait_graph.h"

#include <string.h>

#include "detector/cli/names/wording.h"

const char *edge_words(enum edge_kind kind)
{
    return kind == WAITS_FOR ? "waits for" : kind == HELD_BY ? "held by" : "could be ended by";
}

static size_t most_edges(const struct finding *f)
{
    size_t most = 2 * f->cycle_count;

    for (size_t i = 0; i < f->thread_count; i++) {
        const struct thread *t = &f->threads[i];

        most += t->hold_count;
        if (t->waits != NULL)
            most += (1 + t->waits->case_count) * (1 + t->waits->for_count);
    }
    return most;
}

static size_t add_node(struct wait_graph *g, struct graph_node node)
{
    for (size_t i = 0; i < g->node_count; i++)
        if (strcmp(g->nodes[i].id, node.id) == 0)
            return i;
    g->nodes[g->node_count] = node;
    return g->node_count++;
}

static size_t add_thread(struct wait_graph *g, struct finding *f, int id)
{
    const struct thread *t = finding_thread(f, id);
    bool goroutine = t != NULL && t->goroutine;

    return add_node(g, (struct graph_node){.id = pool_printf(&f->pool, "t%d", id),
                                           .is_thread = true,
                                           .number = id,
                                           .name = finding_thread_name(f, id),
                                           .kind = goroutine ? "goroutine" : "thread",
                                           .stuck = t != NULL && t->part});
}

static size_t add_object(struct wait_graph *g, struct finding *f, int id)
{
    const struct object *o = finding_object(f, id);

    return add_node(g, (struct graph_node){.id = pool_printf(&f->pool, "o%d", id),
                                           .number = id,
                                           .name = finding_object_name(f, id),
                                           .kind = o == NULL ? "object" : word_kind(o->kind)});
}

/* A nil channel is not one object but none: everybody who waits on one waits on his own. */
static size_t add_nil(struct wait_graph *g, struct finding *f, int thread, size_t number,
                      const char *name)
{
    return add_node(g, (struct graph_node){.id = pool_printf(&f->pool, "n%dc%zu", thread, number),
                                           .name = name != NULL ? name : "a nil channel",
                                           .kind = "nil channel"});
}

static void add_edge(struct wait_graph *g, enum edge_kind kind, size_t from, size_t to,
                     const char *label)
{
    for (size_t i = 0; i < g->edge_count; i++)
        if (g->edges[i].kind == kind && g->edges[i].from == from && g->edges[i].to == to)
            return;
    g->edges[g->edge_count++] = (struct graph_edge){kind, from, to, label};
}

static const char *label_of(struct finding *f, const char *operation, const struct stack *s)
{
    const char *place = word_place(f, stack_own_frame(s));

    return pool_printf(&f->pool, "%s%s%s", operation, place[0] == '\0' ? "" : " ", place);
}

static bool is_held(const struct finding *f, int object)
{
    for (size_t i = 0; i < f->thread_count; i++)
        for (size_t k = 0; k < f->threads[i].hold_count; k++)
            if (f->threads[i].holds[k].object == object)
                return true;
    return false;
}

/* Who can end a wait for this node. */
static void add_enders(struct wait_graph *g, struct finding *f, const struct wait *w, size_t node)
{
    bool owner = is_owner_wait(w->operation);

    if (owner && is_held(f, g->nodes[node].number))
        return;
    for (size_t i = 0; i < w->for_count; i++)
        if (w->for_threads[i] > 0)
            add_edge(g, owner ? HELD_BY : ENDED_BY, node, add_thread(g, f, w->for_threads[i]), "");
}

static void add_cases(struct wait_graph *g, struct finding *f, const struct thread *t, size_t self)
{
    const struct wait *w = t->waits;

    for (size_t i = 0; i < w->case_count; i++) {
        const struct wait_case *c = &w->cases[i];
        size_t node = c->object != 0 ? add_object(g, f, c->object)
                                     : add_nil(g, f, t->id, i + 1, c->nil_name);

        add_edge(g, WAITS_FOR, self, node, label_of(f, c->operation, &w->stack));
        if (c->object != 0)
            add_enders(g, f, w, node);
    }
}

static void add_wait(struct wait_graph *g, struct finding *f, const struct thread *t)
{
    const struct wait *w = t->waits;
    const char *label = label_of(f, w->operation, &w->stack);
    size_t self = add_thread(g, f, t->id), node;

    if (w->nil) {
        add_edge(g, WAITS_FOR, self, add_nil(g, f, t->id, 0, w->nil_name), label);
    } else if (w->object != 0) {
        node = add_object(g, f, w->object);
        add_edge(g, WAITS_FOR, self, node, label);
        add_enders(g, f, w, node);
    } else if (w->case_count > 0) {
        add_cases(g, f, t, self);
    } else {
        for (size_t i = 0; i < w->for_count; i++)
            if (w->for_threads[i] > 0)
                add_edge(g, WAITS_FOR, self, add_thread(g, f, w->for_threads[i]), label);
    }
}

static void add_holds(struct wait_graph *g, struct finding *f, const struct thread *t)
{
    for (size_t i = 0; i < t->hold_count; i++) {
        const struct hold *h = &t->holds[i];
        bool shared = strcmp(h->mode, "shared") == 0;

        add_edge(g, HELD_BY, add_object(g, f, h->object), add_thread(g, f, t->id),
                 label_of(f, shared ? "read-locked" : "locked", &h->stack));
    }
}

static const char *step_label(struct finding *f, int thread, int object, const char *otherwise)
{
    for (size_t i = 0; i < f->step_count; i++)
        if (f->steps[i].thread == thread && f->steps[i].object == object)
            return label_of(f, f->steps[i].operation, &f->steps[i].stack);
    return otherwise;
}

static void add_cycle(struct wait_graph *g, struct finding *f)
{
    for (size_t i = 0; i < f->cycle_count; i++) {
        const struct edge *e = &f->cycle[i];
        size_t thread = add_thread(g, f, e->thread);

        if (e->wants != 0)
            add_edge(g, WAITS_FOR, thread, add_object(g, f, e->wants),
                     step_label(f, e->thread, e->wants, "lock"));
        if (e->holds != 0)
            add_edge(g, HELD_BY, add_object(g, f, e->holds), thread,
                     step_label(f, e->thread, e->holds, "locked"));
    }
}

static bool somebody_waits(const struct finding *f)
{
    for (size_t i = 0; i < f->thread_count; i++)
        if (f->threads[i].waits != NULL && f->threads[i].part)
            return true;
    return false;
}

static void add_all_nodes(struct wait_graph *g, struct finding *f)
{
    for (size_t i = 0; i < f->thread_count; i++)
        add_thread(g, f, f->threads[i].id);
    for (size_t i = 0; i < f->object_count; i++)
        add_object(g, f, f->objects[i].id);
}

struct wait_graph wait_graph_of(struct finding *f)
{
    size_t most = most_edges(f);
    struct wait_graph g = {.node_count = 0};

    g.edges = pool_array(&f->pool, most, sizeof(*g.edges));
    g.nodes = pool_array(&f->pool, 2 * most + 2 * f->thread_count + f->object_count,
                         sizeof(*g.nodes));
    if (f->cycle_count > 0 && !somebody_waits(f))
        add_cycle(&g, f);
    for (size_t i = 0; i < f->thread_count; i++) {
        add_holds(&g, f, &f->threads[i]);
        if (f->threads[i].waits != NULL)
            add_wait(&g, f, &f->threads[i]);
    }
    if (g.edge_count == 0)
        add_all_nodes(&g, f);
    return g;
}
