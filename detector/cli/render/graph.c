/* SPDX-License-Identifier: MIT */
/*
 * graph.c - who holds what, and who waits for what, as nodes and links
 *
 * 1. The cycle, if the finding has one: each of its edges is an object that a thread holds, and one
 *    that it wants.
 * 2. Each thread that can never run again, or waits for somebody by name: what it waits for, who
 *    could end that, and what it holds itself.
 * A select waits for all its objects; which of the threads would serve which is told only where there
 * is one object. Whoever cannot be named is left out, never guessed: only at a channel, where every
 * possible partner is known, an empty list means nobody.
 * Invariant: no two links of one kind join the same two nodes.
 */
#include "detector/cli/render/graph.h"

#include <inttypes.h>
#include <string.h>

#include "detector/cli/names/wording.h"

enum { NONE = -1 };

const char *link_words(enum link_kind kind)
{
    return kind == LINK_HELD_BY ? "held by" : kind == LINK_WAITS_FOR ? "waits for" : "needs";
}

static bool tells_who_is_stuck(const struct finding *f)
{
    for (size_t i = 0; i < f->thread_count; i++)
        if (f->threads[i].part)
            return true;
    return false;
}

/* That others run is news where somebody is stuck, and only there. */
static const char *thread_detail(const struct finding *f, const struct thread *t)
{
    const char *kind = t->goroutine ? "goroutine" : "thread";

    if (!tells_who_is_stuck(f) || t->part || t->waits != NULL)
        return kind;
    if (thread_is_gone(t))
        return "has ended";
    return t->goroutine ? "goroutine, runs" : "thread, runs";
}

static const char *object_detail(struct finding *f, const struct object *o)
{
    const char *kind = word_kind(o->kind);

    if (strcmp(o->kind, "channel") != 0 || o->capacity < 0)
        return kind;
    if (o->closed)
        return "channel, closed";
    return o->capacity == 0 ? "channel, unbuffered"
                            : pool_printf(&f->pool, "channel, capacity %" PRId64, o->capacity);
}

/* The index of the node; NONE if there is no room for it. */
static int put_node(struct graph *g, struct node node)
{
    for (size_t i = 0; i < g->node_count; i++)
        if (g->nodes[i].kind == node.kind && g->nodes[i].id == node.id &&
            strcmp(g->nodes[i].name, node.name) == 0)
            return (int)i;
    if (g->node_count == g->most_nodes) {
        g->truncated = true;
        return NONE;
    }
    g->nodes[g->node_count] = node;
    return (int)g->node_count++;
}

static int put_thread(struct graph *g, const struct finding *f, int id)
{
    const struct thread *t = finding_thread(f, id);
    struct node node = {.kind = NODE_THREAD, .id = id, .name = finding_thread_name(f, id)};

    node.detail = t == NULL ? "thread" : thread_detail(f, t);
    node.stuck = t != NULL && t->part;
    return put_node(g, node);
}

static int put_object(struct graph *g, struct finding *f, int id, const char *nil_name)
{
    const struct object *o = finding_object(f, id);
    struct node node = {.kind = NODE_OBJECT, .id = id, .name = finding_object_name(f, id)};

    node.detail = o == NULL ? "object" : object_detail(f, o);
    if (id == 0) {
        node.name = nil_name != NULL ? nil_name : "a nil channel";
        node.detail = "nil channel";
    }
    return put_node(g, node);
}

static int put_nobody(struct graph *g)
{
    return put_node(g, (struct node){.kind = NODE_NOBODY, .name = "nobody", .detail = ""});
}

static struct link *find_link(const struct graph *g, enum link_kind kind, int from, int to)
{
    for (size_t i = 0; i < g->link_count; i++)
        if (g->links[i].kind == kind && g->links[i].from == (size_t)from &&
            g->links[i].to == (size_t)to)
            return &g->links[i];
    return NULL;
}

/* A cycle tells who and what, a wait also where: either may come first. */
static void put_link(struct graph *g, enum link_kind kind, int from, int to,
                     const struct stack *where)
{
    struct link *known;

    if (from == NONE || to == NONE)
        return;
    known = find_link(g, kind, from, to);
    if (known != NULL && known->where == NULL)
        known->where = where;
    if (known != NULL)
        return;
    if (g->link_count == g->most_links)
        g->truncated = true;
    else
        g->links[g->link_count++] = (struct link){kind, (size_t)from, (size_t)to, where};
}

/* Where the thread's turn at this object is; NULL if it has none. */
static const struct stack *step_at(const struct finding *f, int thread, int object)
{
    for (size_t i = 0; i < f->step_count; i++)
        if (f->steps[i].thread == thread && f->steps[i].object == object)
            return &f->steps[i].stack;
    return NULL;
}

static void put_edge(struct graph *g, struct finding *f, const struct edge *e)
{
    int thread = put_thread(g, f, e->thread);

    if (e->holds != 0)
        put_link(g, LINK_HELD_BY, put_object(g, f, e->holds, NULL), thread,
                 step_at(f, e->thread, e->holds));
    if (e->wants != 0)
        put_link(g, LINK_WAITS_FOR, thread, put_object(g, f, e->wants, NULL),
                 step_at(f, e->thread, e->wants));
}

/* Both stand in one queue: neither will serve the other. */
static bool waits_beside(const struct wait *w, const struct thread *other)
{
    return w->object != 0 && other->waits != NULL && other->waits->object == w->object &&
           strcmp(other->waits->operation, w->operation) == 0;
}

/* Who could end the wait, seen from `from`: the object, or the thread itself. */
static void put_servers(struct graph *g, const struct finding *f, const struct wait *w,
                        enum link_kind kind, int from)
{
    size_t alive = 0;

    for (size_t i = 0; i < w->for_count; i++) {
        const struct thread *t = finding_thread(f, w->for_threads[i]);

        if (t == NULL || thread_is_gone(t))
            continue;
        alive++;
        if (!waits_beside(w, t))
            put_link(g, kind, from, put_thread(g, f, t->id),
                     kind == LINK_WAITS_FOR ? &w->stack : NULL);
    }
    if (alive == 0 && wait_is_at_channel(w))
        put_link(g, LINK_NEEDS, from, put_nobody(g), NULL);
}

/* The threads whose own list says so; the wait's word is asked where none does. */
static bool put_holders(struct graph *g, const struct finding *f, int object, int node)
{
    bool found = false;

    for (size_t i = 0; i < f->thread_count; i++)
        for (size_t k = 0; k < f->threads[i].hold_count; k++)
            if (f->threads[i].holds[k].object == object) {
                put_link(g, LINK_HELD_BY, node, put_thread(g, f, f->threads[i].id),
                         &f->threads[i].holds[k].stack);
                found = true;
            }
    return found;
}

static void put_select(struct graph *g, struct finding *f, const struct wait *w, int thread)
{
    int object = NONE;
    bool several = false;

    for (size_t i = 0; i < w->case_count; i++) {
        int node = put_object(g, f, w->cases[i].object, w->cases[i].nil_name);

        several = several || (object != NONE && object != node);
        object = node;
        put_link(g, LINK_WAITS_FOR, thread, node, &w->stack);
    }
    put_servers(g, f, w, LINK_NEEDS, several || object == NONE ? thread : object);
}

static void put_wait(struct graph *g, struct finding *f, const struct wait *w, int thread)
{
    int object;

    if (strcmp(w->operation, "select") == 0) {
        put_select(g, f, w, thread);
        return;
    }
    if (w->object == 0 && !w->nil) {
        put_servers(g, f, w, LINK_WAITS_FOR, thread);
        return;
    }
    object = put_object(g, f, w->object, w->nil_name);
    put_link(g, LINK_WAITS_FOR, thread, object, &w->stack);
    if (!is_owner_wait(w->operation))
        put_servers(g, f, w, LINK_NEEDS, object);
    else if (!put_holders(g, f, w->object, object))
        put_servers(g, f, w, LINK_HELD_BY, object);
}

/* An idle thread is no part of the picture; one that waits for somebody by name is. */
static bool is_drawn(const struct thread *t)
{
    const struct wait *w = t->waits;

    return t->part || t->doomed ||
           (w != NULL && (is_owner_wait(w->operation) || strcmp(w->operation, "join") == 0));
}

static void put_stuck(struct graph *g, struct finding *f, const struct thread *t)
{
    int thread;

    if (!is_drawn(t) || (t->waits == NULL && t->hold_count == 0))
        return;
    thread = put_thread(g, f, t->id);
    for (size_t i = 0; i < t->hold_count; i++)
        put_link(g, LINK_HELD_BY, put_object(g, f, t->holds[i].object, NULL), thread,
                 &t->holds[i].stack);
    if (t->waits != NULL)
        put_wait(g, f, t->waits, thread);
}

static struct graph graph_within(struct finding *f, size_t nodes, size_t links)
{
    struct graph g = {.nodes = pool_array(&f->pool, nodes, sizeof(*g.nodes)),
                      .links = pool_array(&f->pool, links, sizeof(*g.links)),
                      .most_nodes = nodes,
                      .most_links = links};

    for (size_t i = 0; i < f->cycle_count; i++)
        put_edge(&g, f, &f->cycle[i]);
    for (int round = 0; round < 2; round++) /* first the core, then who only waits for it */
        for (size_t i = 0; i < f->thread_count; i++)
            if (f->threads[i].part == (round == 0))
                put_stuck(&g, f, &f->threads[i]);
    return g;
}

struct graph graph_of(struct finding *f)
{
    return graph_within(f, GRAPH_NODES, GRAPH_LINKS);
}

struct graph graph_whole(struct finding *f)
{
    size_t links = 2 * f->cycle_count;

    for (size_t i = 0; i < f->thread_count; i++) {
        const struct thread *t = &f->threads[i];

        links += t->hold_count;
        if (t->waits != NULL)
            links += 2 + t->waits->case_count + t->waits->for_count + f->thread_count;
    }
    return graph_within(f, 2 * links, links);
}
