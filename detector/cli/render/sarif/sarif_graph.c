/* SPDX-License-Identifier: MIT */
/*
 * sarif_graph.c - the wait-for graph as a graph of a SARIF result (3.39)
 */
#include "detector/cli/names/wording.h"
#include "detector/cli/render/graph.h"
#include "detector/cli/render/json_parts.h"
#include "detector/cli/render/sarif/sarif.h"

static const char *node_id(struct pool *pool, size_t i)
{
    return pool_printf(pool, "n%zu", i + 1);
}

static json_t *node_json(struct finding *f, const struct graph *g, size_t i)
{
    static const char *const kinds[] = {
        [NODE_THREAD] = "thread", [NODE_OBJECT] = "object", [NODE_NOBODY] = "nobody"};
    const struct node *node = &g->nodes[i];
    json_t *object = json_object(), *properties = json_object();

    json_set(properties, "kind", json_text(kinds[node->kind]));
    json_set(properties, "detail", json_text(node->detail));
    if (node->kind == NODE_THREAD)
        json_set(properties, "stuck", json_boolean(node->stuck));
    json_set(object, "id", json_text(node_id(&f->pool, i)));
    json_set(object, "label", sarif_message(node->name));
    json_set(object, "properties", properties);
    return object;
}

static json_t *edge_json(struct finding *f, const struct graph *g, size_t i)
{
    const struct link *link = &g->links[i];
    const char *label = link_words(link->kind);
    const char *place = link->where == NULL ? "" : word_place(f, stack_own_frame(link->where));
    json_t *object = json_object();

    if (place[0] != '\0')
        label = pool_printf(&f->pool, "%s, %s", label, place);
    json_set(object, "id", json_text(pool_printf(&f->pool, "e%zu", i + 1)));
    json_set(object, "sourceNodeId", json_text(node_id(&f->pool, link->from)));
    json_set(object, "targetNodeId", json_text(node_id(&f->pool, link->to)));
    json_set(object, "label", sarif_message(label));
    return object;
}

json_t *sarif_graphs(struct finding *f)
{
    struct graph g = graph_whole(f);
    json_t *graph, *array, *nodes, *edges;

    if (g.link_count == 0)
        return NULL;
    nodes = json_array();
    for (size_t i = 0; i < g.node_count; i++)
        json_array_append_new(nodes, node_json(f, &g, i));
    edges = json_array();
    for (size_t i = 0; i < g.link_count; i++)
        json_array_append_new(edges, edge_json(f, &g, i));
    graph = json_object();
    json_set(graph, "description", sarif_message("who waits for what, and who holds it"));
    json_set(graph, "nodes", nodes);
    json_set(graph, "edges", edges);
    array = json_array();
    json_array_append_new(array, graph);
    return array;
}
