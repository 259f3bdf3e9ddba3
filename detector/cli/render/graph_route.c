/* SPDX-License-Identifier: MIT */
/*
 * graph_route.c - how do the links of a graph get from box to box without touching a third?
 *
 * The boxes stand in a grid. Between its columns and its rows run gutters, and links run in the
 * gutters only, each in a lane of its own:
 * 1. plan: out of which side a link leaves, into which it comes, and through which gutters. Neighbours
 *    face each other; others go by the gutter beside the first box, and where they are more than a
 *    column apart by one between the rows to the gutter beside the second.
 * 2. measure: a gutter is as wide as its lanes need, a column as its widest box.
 * 3. draw: the links at one side of a box get points of their own on it, in the order of where they go.
 * Lines may cross, but no two lie on each other in a gutter, and none goes through a box.
 */
#include "detector/cli/render/graph_route.h"

enum side { LEFT, RIGHT, TOP, BOTTOM, SIDES };

enum {
    NO_GUTTER = -1,
    MARGIN = 6,
    LANE = 14,
    PORT = 14,
    SHIFT = 3,
    LEAST_COLUMN_GAP = 56,
    LEAST_ROW_GAP = 34
};

struct plan {
    enum side out, in;
    int first, across, second; /* gutters: beside a column, between rows, beside a column */
};

struct gutter {
    int start, width;
    int lanes, used;
};

struct routing {
    const struct graph *g;
    struct picture *picture;
    struct plan *plans;
    int columns, rows;
    struct gutter upright[GRAPH_NODES + 1],
        level[GRAPH_NODES + 1]; /* [i] is before column, row i */
    int column_width[GRAPH_NODES], row_height[GRAPH_NODES];
};

static const struct box *box_of(const struct routing *r, size_t node)
{
    return &r->picture->boxes[node];
}

/* ---------------------------------------------------------------- 1. plan */

static struct plan plan_level(struct cell from, struct cell to)
{
    bool right = to.column > from.column;
    struct plan plan = {.out = right ? RIGHT : LEFT,
                        .in = right ? LEFT : RIGHT,
                        .first = right ? from.column + 1 : from.column,
                        .across = NO_GUTTER,
                        .second = right ? to.column : to.column + 1};

    if (plan.first == plan.second)
        plan.second = NO_GUTTER;
    else
        plan.across = to.row > from.row ? to.row : to.row + (to.row < from.row);
    return plan;
}

static struct plan plan_link(struct cell from, struct cell to)
{
    bool down = to.row > from.row;

    if (from.column != to.column)
        return plan_level(from, to);
    if (to.row - from.row == 1 || from.row - to.row == 1)
        return (struct plan){.out = down ? BOTTOM : TOP,
                             .in = down ? TOP : BOTTOM,
                             .first = NO_GUTTER,
                             .across = down ? to.row : from.row,
                             .second = NO_GUTTER};
    return (struct plan){RIGHT, RIGHT, from.column + 1, NO_GUTTER, NO_GUTTER};
}

static void count_lane(struct gutter *gutters, int gutter)
{
    if (gutter != NO_GUTTER)
        gutters[gutter].lanes++;
}

static void plan(struct routing *r)
{
    for (size_t i = 0; i < r->g->link_count; i++) {
        const struct link *link = &r->g->links[i];
        struct plan p = plan_link(box_of(r, link->from)->cell, box_of(r, link->to)->cell);

        count_lane(r->upright, p.first);
        count_lane(r->upright, p.second);
        count_lane(r->level, p.across);
        r->plans[i] = p;
    }
}

/* ---------------------------------------------------------------- 2. measure */

/* One end of a link. */
struct end {
    size_t link;
    bool in;
};

static size_t node_of(const struct routing *r, struct end e)
{
    return e.in ? r->g->links[e.link].to : r->g->links[e.link].from;
}

static enum side side_of(const struct routing *r, struct end e)
{
    return e.in ? r->plans[e.link].in : r->plans[e.link].out;
}

static bool is_upright(enum side side)
{
    return side == LEFT || side == RIGHT;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

/* Gutters and boxes in turn; the outermost gutters are there only if something runs in them. */
static int stretch(struct gutter *gutters, const int *sizes, int count, int least)
{
    int at = MARGIN;

    for (int i = 0; i <= count; i++) {
        bool outside = i == 0 || i == count;
        int needed = gutters[i].lanes == 0 ? 0 : (gutters[i].lanes + 1) * LANE;

        gutters[i].start = at;
        gutters[i].width = outside ? needed : larger(needed, least);
        at += gutters[i].width + (i < count ? sizes[i] : 0);
    }
    return at + MARGIN;
}

/* A box has room at each side for the links that meet it there. */
static void make_room(struct routing *r, size_t node)
{
    struct box *box = &r->picture->boxes[node];
    int ends[SIDES] = {0};

    for (size_t i = 0; i < r->g->link_count; i++)
        for (int in = 0; in < 2; in++)
            if (node_of(r, (struct end){i, in}) == node)
                ends[side_of(r, (struct end){i, in})]++;
    box->height = larger(box->height, larger(ends[LEFT], ends[RIGHT]) * PORT + PORT);
    box->width = larger(box->width, larger(ends[TOP], ends[BOTTOM]) * PORT + 2 * PORT);
}

static void measure(struct routing *r)
{
    for (size_t i = 0; i < r->g->node_count; i++)
        make_room(r, i);
    for (size_t i = 0; i < r->g->node_count; i++) {
        const struct box *box = box_of(r, i);

        r->columns = larger(r->columns, box->cell.column + 1);
        r->rows = larger(r->rows, box->cell.row + 1);
        r->column_width[box->cell.column] = larger(r->column_width[box->cell.column], box->width);
        r->row_height[box->cell.row] = larger(r->row_height[box->cell.row], box->height);
    }
    r->picture->width = stretch(r->upright, r->column_width, r->columns, LEAST_COLUMN_GAP);
    r->picture->height = stretch(r->level, r->row_height, r->rows, LEAST_ROW_GAP);
}

static void set_boxes(struct routing *r)
{
    for (size_t i = 0; i < r->g->node_count; i++) {
        struct box *box = &r->picture->boxes[i];
        const struct gutter *left = &r->upright[box->cell.column];
        const struct gutter *above = &r->level[box->cell.row];

        box->x = left->start + left->width + (r->column_width[box->cell.column] - box->width) / 2;
        box->y = above->start + above->width + (r->row_height[box->cell.row] - box->height) / 2;
    }
}

/* ---------------------------------------------------------------- 3. draw */

/* Along the side: where the other end of the link is. */
static int aim_of(const struct routing *r, struct end e)
{
    const struct cell far = box_of(r, node_of(r, (struct end){e.link, !e.in}))->cell;

    return is_upright(side_of(r, e)) ? far.row : far.column;
}

static bool comes_before(const struct routing *r, struct end a, struct end b)
{
    int difference = aim_of(r, a) - aim_of(r, b);

    if (difference == 0)
        return a.link != b.link ? a.link < b.link : a.in < b.in;
    return difference < 0;
}

/* How far from the middle of the side the link meets it. */
static int port_of(const struct routing *r, struct end e)
{
    int before = 0, count = 0;

    for (size_t i = 0; i < r->g->link_count; i++)
        for (int in = 0; in < 2; in++) {
            struct end other = {i, in};

            if (node_of(r, other) != node_of(r, e) || side_of(r, other) != side_of(r, e))
                continue;
            count++;
            before += comes_before(r, other, e);
        }
    return (2 * before - (count - 1)) * PORT / 2;
}

/* Neighbours that meet at the same height. */
static bool is_straight(const struct routing *r, size_t link)
{
    const struct plan *p = &r->plans[link];
    struct cell from = box_of(r, r->g->links[link].from)->cell,
                to = box_of(r, r->g->links[link].to)->cell;

    return from.row == to.row && p->in != p->out && p->across == NO_GUTTER &&
           port_of(r, (struct end){link, false}) == port_of(r, (struct end){link, true});
}

/* Ends at a left side stand a little lower than those at the right side of the box before: else two
 * links could lie on each other on their way to their lanes. */
static int shift_of(const struct routing *r, struct end e)
{
    return side_of(r, e) == LEFT && !is_straight(r, e.link) ? SHIFT : 0;
}

static struct point touch(const struct routing *r, struct end e)
{
    const struct box *box = box_of(r, node_of(r, e));
    int port = port_of(r, e) + shift_of(r, e);
    int middle_x = box->x + box->width / 2, middle_y = box->y + box->height / 2;

    switch (side_of(r, e)) {
    case LEFT:
        return (struct point){box->x, middle_y + port};
    case RIGHT:
        return (struct point){box->x + box->width, middle_y + port};
    case TOP:
        return (struct point){middle_x + port, box->y};
    default:
        return (struct point){middle_x + port, box->y + box->height};
    }
}

static int next_lane(struct gutter *gutter)
{
    return gutter->start + gutter->width * ++gutter->used / (gutter->lanes + 1);
}

/* A point where the route already is adds nothing. */
static void add_point(struct route *route, int x, int y)
{
    size_t count = route->count;

    if (count > 0 && route->points[count - 1].x == x && route->points[count - 1].y == y)
        return;
    route->points[route->count++] = (struct point){x, y};
}

static void draw_link(struct routing *r, size_t i)
{
    const struct plan *p = &r->plans[i];
    struct route *route = &r->picture->routes[i];
    struct point from = touch(r, (struct end){i, false}), to = touch(r, (struct end){i, true});
    int x = from.x, y = from.y;

    add_point(route, x, y);
    if (p->first != NO_GUTTER && (p->across != NO_GUTTER || y != to.y || p->in == p->out))
        add_point(route, x = next_lane(&r->upright[p->first]), y);
    if (p->across != NO_GUTTER && (p->second != NO_GUTTER || x != to.x))
        add_point(route, x, y = next_lane(&r->level[p->across]));
    if (p->second != NO_GUTTER)
        add_point(route, x = next_lane(&r->upright[p->second]), y);
    if (p->in == TOP || p->in == BOTTOM)
        add_point(route, to.x, y);
    else
        add_point(route, x, to.y);
    add_point(route, to.x, to.y);
}

void graph_route(struct pool *pool, const struct graph *g, struct picture *picture)
{
    struct routing r = {
        .g = g, .picture = picture, .plans = pool_array(pool, g->link_count + 1, sizeof(*r.plans))};

    picture->routes = pool_array(pool, g->link_count + 1, sizeof(*picture->routes));
    plan(&r);
    measure(&r);
    set_boxes(&r);
    for (size_t i = 0; i < g->link_count; i++)
        draw_link(&r, i);
}
