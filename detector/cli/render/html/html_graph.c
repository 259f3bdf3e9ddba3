/* SPDX-License-Identifier: MIT */
/*
 * html_graph.c - the graph of a finding as inline SVG
 *
 * Threads are round, objects have corners; a full line says who holds, a dashed one who waits, a dotted
 * one who would be needed: shape tells all of it, colour only repeats it. Lines are drawn first, so
 * that no line ever covers a name. A long name takes two lines, and what is too long for these ends in
 * an ellipsis; the whole name is in the tooltip, and in the description that a screen reader reads.
 * Names are set in a font of one width: that is how their boxes can be measured here.
 */
#include "detector/cli/render/html/html_graph.h"

#include <string.h>

#include "detector/cli/render/graph.h"
#include "detector/cli/render/graph_place.h"
#include "detector/cli/render/graph_route.h"
#include "detector/cli/render/html/html.h"

enum {
    LINE_CHARS = 24,
    CHAR_WIDTH = 8, /* of 13px in a font of one width: 7.8 */
    SMALL_CHAR = 6,
    PADDING = 15,
    LEAST_WIDTH = 92,
    LINE_HEIGHT = 17,
    CORNER = 7,
    ROUND = 24,
    HEAD = 8 /* of an arrow */
};

/* A name in at most two lines. */
struct label {
    char lines[2][LINE_CHARS * 4 + 8];
    int count, width;
};

/* ---------------------------------------------------------------- names */

/* Bytes of the start of the text that take at most `columns`. */
static size_t fitting(const char *text, int columns)
{
    size_t at = 0;

    while (text[at] != '\0') {
        struct html_char c = html_next(text + at);

        columns -= c.columns;
        if (columns < 0)
            break;
        at += (size_t)c.bytes;
    }
    return at;
}

/* Where a reader would break it: behind a separator in the second half, if there is one. */
static size_t breaking(const char *text)
{
    size_t most = fitting(text, LINE_CHARS);

    if (text[most] == '\0')
        return most;
    for (size_t at = most; at > most / 2; at--)
        if (strchr(" ._-:>/])", text[at - 1]) != NULL)
            return at;
    return most;
}

static struct label label_of(const char *name)
{
    struct label label = {.count = 1};
    size_t first = breaking(name), rest = strlen(name + first);

    snprintf(label.lines[0], sizeof(label.lines[0]), "%.*s", (int)first, name);
    label.width = html_width(label.lines[0]);
    if (rest == 0)
        return label;
    label.count = 2;
    if (html_width(name + first) > LINE_CHARS)
        snprintf(label.lines[1], sizeof(label.lines[1]), "%.*s\u2026",
                 (int)fitting(name + first, LINE_CHARS - 1), name + first);
    else
        snprintf(label.lines[1], sizeof(label.lines[1]), "%s", name + first);
    if (html_width(label.lines[1]) > label.width)
        label.width = html_width(label.lines[1]);
    return label;
}

static int height_of(const struct label *label, const struct node *n)
{
    return 14 + (label->count + (n->detail[0] != '\0')) * LINE_HEIGHT;
}

static void set_size(struct box *box, const struct node *n)
{
    struct label label = label_of(n->name);
    int detail = html_width(n->detail) * SMALL_CHAR, name = label.width * CHAR_WIDTH;

    box->width = (name > detail ? name : detail) + 2 * PADDING;
    if (box->width < LEAST_WIDTH)
        box->width = LEAST_WIDTH;
    box->height = height_of(&label, n);
}

/* ---------------------------------------------------------------- links */

const char *html_link_id(struct finding *f, char kind, char from, int from_id, char to, int to_id)
{
    return pool_printf(&f->pool, "%c-%c%d-%c%d", kind, from, from_id, to, to_id);
}

static const char *id_of_link(struct finding *f, const struct graph *g, const struct link *link)
{
    static const char kinds[] = "hwn", ends[] = "tox";
    const struct node *from = &g->nodes[link->from], *to = &g->nodes[link->to];

    return html_link_id(f, kinds[link->kind], ends[from->kind], from->id, ends[to->kind], to->id);
}

static int sign(int number)
{
    return (number > 0) - (number < 0);
}

static int distance(struct point a, struct point b)
{
    return (a.x - b.x) * sign(a.x - b.x) + (a.y - b.y) * sign(a.y - b.y);
}

static struct point towards(struct point from, struct point to, int length)
{
    return (struct point){from.x + sign(to.x - from.x) * length,
                          from.y + sign(to.y - from.y) * length};
}

static int corner_at(const struct route *r, size_t i)
{
    int before = distance(r->points[i - 1], r->points[i]) / 2,
        behind = distance(r->points[i], r->points[i + 1]) / 2, corner = CORNER;

    corner = before < corner ? before : corner;
    return behind < corner ? behind : corner;
}

/* The line, with round corners. */
static void put_line(FILE *page, const struct route *r)
{
    html_put(page, "<path class=\"line\" d=\"M%d %d", r->points[0].x, r->points[0].y);
    for (size_t i = 1; i + 1 < r->count; i++) {
        struct point at = r->points[i];
        int corner = corner_at(r, i);
        struct point in = towards(at, r->points[i - 1], corner),
                     out = towards(at, r->points[i + 1], corner);

        html_put(page, "L%d %dQ%d %d %d %d", in.x, in.y, at.x, at.y, out.x, out.y);
    }
    html_put(page, "L%d %d\"/>", r->points[r->count - 1].x, r->points[r->count - 1].y);
}

static void put_head(FILE *page, const struct route *r)
{
    struct point tip = r->points[r->count - 1], from = r->points[r->count - 2];
    struct point back = towards(tip, from, HEAD);
    int dx = sign(tip.x - from.x), dy = sign(tip.y - from.y);

    html_put(page, "<path class=\"head\" d=\"M%d %dL%d %dL%d %dZ\"/>", tip.x, tip.y,
             back.x + dy * HEAD / 2, back.y + dx * HEAD / 2, back.x - dy * HEAD / 2,
             back.y - dx * HEAD / 2);
}

static void put_link(FILE *page, struct finding *f, const struct graph *g, size_t i,
                     const struct route *r)
{
    static const char *const classes[] = {"held", "waits", "needs"};

    if (r->count < 2)
        return;
    html_put(page, "<g class=\"link %s\" data-link=\"%s\">", classes[g->links[i].kind],
             id_of_link(f, g, &g->links[i]));
    put_line(page, r);
    put_head(page, r);
    fputs("</g>\n", page);
}

/* ---------------------------------------------------------------- nodes */

static void put_node(FILE *page, const struct node *n, const struct box *box)
{
    static const char *const classes[] = {"thread", "object", "nobody"};
    struct label label = label_of(n->name);
    int y = box->y + (box->height - height_of(&label, n)) / 2 + LINE_HEIGHT + 3;

    html_put(page, "<g class=\"node %s%s\"><title>%s</title>", classes[n->kind],
             n->stuck ? " stuck" : "", n->name);
    html_put(page, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/>", box->x, box->y,
             box->width, box->height, n->kind == NODE_OBJECT ? 1 : ROUND);
    for (int i = 0; i < label.count; i++, y += LINE_HEIGHT)
        html_put(page, "<text class=\"name\" x=\"%d\" y=\"%d\">%s</text>", box->x + box->width / 2,
                 y, label.lines[i]);
    if (n->detail[0] != '\0')
        html_put(page, "<text class=\"detail\" x=\"%d\" y=\"%d\">%s</text>",
                 box->x + box->width / 2, y - 1, n->detail);
    fputs("</g>\n", page);
}

/* ---------------------------------------------------------------- the picture */

static void put_description(FILE *page, const struct graph *g)
{
    for (size_t i = 0; i < g->link_count; i++) {
        const struct link *link = &g->links[i];
        const char *from = g->nodes[link->from].name, *to = g->nodes[link->to].name;

        if (link->kind == LINK_HELD_BY)
            html_put(page, "%s is held by %s. ", from, to);
        else if (link->kind == LINK_WAITS_FOR)
            html_put(page, "%s waits for %s. ", from, to);
        else if (g->nodes[link->to].kind == NODE_NOBODY)
            html_put(page, "Nobody is left at the other end of %s. ", from);
        else
            html_put(page, "%s would be needed at the other end of %s. ", to, from);
    }
}

static struct picture lay_out(struct finding *f, const struct graph *g)
{
    const struct cell *cells = graph_place(&f->pool, g);
    struct picture picture = {.boxes = pool_array(&f->pool, g->node_count, sizeof(*picture.boxes))};

    for (size_t i = 0; i < g->node_count; i++) {
        picture.boxes[i].cell = cells[i];
        set_size(&picture.boxes[i], &g->nodes[i]);
    }
    graph_route(&f->pool, g, &picture);
    return picture;
}

static bool has_link(const struct graph *g, enum link_kind kind)
{
    for (size_t i = 0; i < g->link_count; i++)
        if (g->links[i].kind == kind)
            return true;
    return false;
}

static void put_key(FILE *page, const struct graph *g)
{
    static const char *const words[] = {"held by", "waits for", "needs"};
    static const char *const classes[] = {"held", "waits", "needs"};

    fputs("<figcaption class=\"key\"><span class=\"key-thread\">thread</span>"
          "<span class=\"key-object\">object</span>",
          page);
    for (int kind = LINK_HELD_BY; kind <= LINK_NEEDS; kind++)
        if (has_link(g, (enum link_kind)kind))
            html_put(page,
                     "<span><svg class=\"graph\" width=\"44\" height=\"10\" aria-hidden=\"true\">"
                     "<g class=\"link %s\"><path class=\"line\" d=\"M1 5H38\"/>"
                     "<path class=\"head\" d=\"M44 5L36 1L36 9Z\"/></g></svg>%s</span>",
                     classes[kind], words[kind]);
    if (g->truncated)
        fputs("<span>not everything is drawn: the table has the rest</span>", page);
    fputs("</figcaption>\n", page);
}

bool html_has_graph(struct finding *f)
{
    return graph_of(f).link_count > 0;
}

void html_graph(FILE *page, struct finding *f, size_t number)
{
    struct graph g = graph_of(f);
    struct picture picture;

    if (g.link_count == 0)
        return;
    picture = lay_out(f, &g);
    html_put(
        page,
        "<figure class=\"picture\"><div class=\"scroll\" role=\"group\" tabindex=\"0\" "
        "aria-label=\"Picture of who waits for whom\">\n"
        "<svg class=\"graph\" style=\"--drawn:%dpx\" role=\"img\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
        "aria-labelledby=\"graph-%zu graph-%zu-text\">\n"
        "<title id=\"graph-%zu\">Who waits for whom</title><desc id=\"graph-%zu-text\">",
        picture.width, picture.width, picture.height, picture.width, picture.height, number, number,
        number, number);
    put_description(page, &g);
    fputs("</desc>\n", page);
    for (size_t i = 0; i < g.link_count; i++)
        put_link(page, f, &g, i, &picture.routes[i]);
    for (size_t i = 0; i < g.node_count; i++)
        put_node(page, &g.nodes[i], &picture.boxes[i]);
    fputs("</svg></div>\n", page);
    put_key(page, &g);
    fputs("</figure>\n", page);
}
