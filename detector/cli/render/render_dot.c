/* SPDX-License-Identifier: MIT */
/*
 * render_dot.c - the wait-for graph of each finding, for Graphviz
 *
 * Threads are ellipses, objects boxes. An arrow goes from who needs to what is needed: dashed what a
 * thread waits for, solid who holds it, dotted who could end the wait. Stuck threads have a thick line.
 * One digraph, a cluster for each finding; it is written at the end, when it is whole.
 * The language: graphviz.org/doc/info/lang.html; in a quoted string `\` and `"` are escaped.
 */
#include <stdlib.h>
#include <string.h>

#include "detector/cli/base/utf8.h"
#include "detector/cli/render/render.h"
#include "detector/cli/render/wait_graph.h"

enum { LABEL_WIDTH = 64 };

struct document {
    FILE *stream;
    char *text;
    size_t length;
    int findings;
};

/* The inside of a quoted string. Long lines are broken at blanks: `width` characters, 0 for never. */
static void put_text(FILE *stream, struct pool *pool, const char *text, size_t width)
{
    size_t column = 0;

    for (const char *p = utf8_repaired(pool, text); *p != '\0'; p++, column++) {
        size_t word = strcspn(p + 1, " ");

        if (*p == '\n' || (*p == ' ' && width > 0 && column + word >= width)) {
            fputs("\\n", stream);
            column = 0;
        } else if ((unsigned char)*p < ' ' || *p == 127) {
            fputc('?', stream);
        } else {
            if (*p == '"' || *p == '\\')
                fputc('\\', stream);
            fputc(*p, stream);
        }
    }
}

static void put_node(struct document *d, struct pool *pool, const struct graph_node *node)
{
    fprintf(d->stream, "        f%d_%s [shape=%s, label=\"", d->findings, node->id,
            node->is_thread ? "ellipse" : "box");
    put_text(d->stream, pool, node->name, 0);
    fputs("\\n", d->stream);
    put_text(d->stream, pool, node->kind, 0);
    fprintf(d->stream, "\"%s];\n", node->stuck ? ", penwidth=2" : "");
}

static void put_edge(struct document *d, struct pool *pool, const struct wait_graph *g,
                     const struct graph_edge *edge)
{
    static const char *const styles[] = {
        [WAITS_FOR] = "dashed", [HELD_BY] = "solid", [ENDED_BY] = "dotted"};

    fprintf(d->stream, "        f%d_%s -> f%d_%s [style=%s, label=\"", d->findings,
            g->nodes[edge->from].id, d->findings, g->nodes[edge->to].id, styles[edge->kind]);
    put_text(d->stream, pool, edge_words(edge->kind), 0);
    if (edge->label[0] != '\0')
        fputs("\\n", d->stream);
    put_text(d->stream, pool, edge->label, 0);
    fputs("\"];\n", d->stream);
}

static void begin(struct rendering *r)
{
    struct document *d = pool_array(&r->pool, 1, sizeof(*d));

    d->stream = open_memstream(&d->text, &d->length);
    r->state = d;
}

static void add(struct rendering *r, struct finding *f)
{
    struct document *d = r->state;
    struct wait_graph g = wait_graph_of(f);

    if (d->stream == NULL)
        return;
    fprintf(d->stream, "    subgraph cluster_%d {\n        label=\"", ++d->findings);
    put_text(d->stream, &f->pool, pool_printf(&f->pool, "%s: %s", f->severity, f->name), 0);
    fputs("\\n", d->stream);
    put_text(d->stream, &f->pool, f->message, LABEL_WIDTH);
    fputs("\";\n", d->stream);
    for (size_t i = 0; i < g.node_count; i++)
        put_node(d, &f->pool, &g.nodes[i]);
    for (size_t i = 0; i < g.edge_count; i++)
        put_edge(d, &f->pool, &g, &g.edges[i]);
    fputs("    }\n", d->stream);
}

static void end(struct rendering *r)
{
    struct document *d = r->state;

    fputs("digraph gridlock {\n"
          "    graph [fontname=\"sans-serif\", labelloc=b];\n"
          "    node [fontname=\"sans-serif\"];\n"
          "    edge [fontname=\"sans-serif\", fontsize=10];\n",
          r->stream);
    if (d->findings > 0)
        fputs("    label=\"dashed: waits for   solid: held by   dotted: could be ended by\";\n",
              r->stream);
    if (d->stream != NULL && fclose(d->stream) == 0)
        fwrite(d->text, 1, d->length, r->stream);
    free(d->text);
    fputs("}\n", r->stream);
    fflush(r->stream);
}

const struct renderer render_dot = {
    .name = "dot", .pure = true, .begin = begin, .finding = add, .end = end};
