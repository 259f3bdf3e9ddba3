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
#include "detector/cli/names/wording.h"
#include "detector/cli/render/graph.h"
#include "detector/cli/render/render.h"

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

static void put_node(struct document *d, struct finding *f, size_t i, const struct node *node)
{
    static const char *const shapes[] = {
        [NODE_THREAD] = "ellipse", [NODE_OBJECT] = "box", [NODE_NOBODY] = "plaintext"};

    fprintf(d->stream, "        f%d_%zu [shape=%s, label=\"", d->findings, i, shapes[node->kind]);
    put_text(d->stream, &f->pool, node->name, 0);
    if (node->detail[0] != '\0')
        fputs("\\n", d->stream);
    put_text(d->stream, &f->pool, node->detail, 0);
    fprintf(d->stream, "\"%s];\n", node->stuck ? ", penwidth=2" : "");
}

static void put_link(struct document *d, struct finding *f, const struct link *link)
{
    static const char *const styles[] = {
        [LINK_WAITS_FOR] = "dashed", [LINK_HELD_BY] = "solid", [LINK_NEEDS] = "dotted"};
    const char *place = link->where == NULL ? "" : word_place(f, stack_own_frame(link->where));

    fprintf(d->stream, "        f%d_%zu -> f%d_%zu [style=%s, label=\"", d->findings, link->from,
            d->findings, link->to, styles[link->kind]);
    put_text(d->stream, &f->pool, link_words(link->kind), 0);
    if (place[0] != '\0')
        fputs("\\n", d->stream);
    put_text(d->stream, &f->pool, place, 0);
    fputs("\"];\n", d->stream);
}

/* A finding in which nobody waits has no links; then who and what it is about is shown alone. */
static void put_bystanders(struct document *d, struct finding *f)
{
    size_t at = 0;

    for (size_t i = 0; i < f->thread_count; i++)
        put_node(d, f, at++,
                 &(struct node){.kind = NODE_THREAD,
                                .name = finding_thread_name(f, f->threads[i].id),
                                .detail = f->threads[i].goroutine ? "goroutine" : "thread"});
    for (size_t i = 0; i < f->object_count; i++)
        put_node(d, f, at++,
                 &(struct node){.kind = NODE_OBJECT,
                                .name = finding_object_name(f, f->objects[i].id),
                                .detail = word_kind(f->objects[i].kind)});
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
    struct graph g = graph_whole(f);

    if (d->stream == NULL)
        return;
    fprintf(d->stream, "    subgraph cluster_%d {\n        label=\"", ++d->findings);
    put_text(d->stream, &f->pool, pool_printf(&f->pool, "%s: %s", f->severity, f->name), 0);
    fputs("\\n", d->stream);
    put_text(d->stream, &f->pool, f->message, LABEL_WIDTH);
    if (f->one_of_several)
        put_text(d->stream, &f->pool, pool_printf(&f->pool, "\n%s", word_process(f)), 0);
    fputs("\";\n", d->stream);
    for (size_t i = 0; i < g.node_count; i++)
        put_node(d, f, i, &g.nodes[i]);
    for (size_t i = 0; i < g.link_count; i++)
        put_link(d, f, &g.links[i]);
    if (g.node_count == 0)
        put_bystanders(d, f);
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
        fputs("    label=\"dashed: waits for   solid: held by   dotted: needs\";\n", r->stream);
    if (d->stream != NULL && fclose(d->stream) == 0)
        fwrite(d->text, 1, d->length, r->stream);
    free(d->text);
    fputs("}\n", r->stream);
    fflush(r->stream);
}

const struct renderer render_dot = {
    .name = "dot", .pure = true, .begin = begin, .finding = add, .end = end};
