/* SPDX-License-Identifier: MIT */
/*
 * lock_order.h - lock-order graph: who asked for which lock while holding which, and whether
 *                those demands can close a cycle
 *
 * Layer:    detector/core (pure: no pthread, no malloc, no I/O)
 * Memory:   struct lock_order is the caller's, {0} is empty; the rest comes from the arena
 * Locking:  the detector's lock must be held for every call
 * Errors:   no memory or over a limit: the dependency is dropped and lock_order.dropped counts it
 *
 * A vertex is a lock. A shape is "wanted w in this mode while holding exactly this set"; an
 * instance is one thread that did so, with its stacks and its place in happens-before. Each held
 * lock h of a shape is an edge h -> w that lists the shape.
 */
#ifndef GRIDLOCK_CORE_LOCK_ORDER_H
#define GRIDLOCK_CORE_LOCK_ORDER_H

#include "detector/core/order.h"

#include <stdbool.h>
#include <stdint.h>

struct stack;
struct order_edge;

enum { INSTANCES = 4, CYCLE_LONGEST = 16 };

/* One acquisition of a dependency. */
struct acquisition {
    uint32_t vertex;
    uint8_t mode; /* enum lock_mode */
    uint8_t gate_only; /* held for this thread by its creator: guards, but makes no edge */
    union {
        const void *pc;
        uintptr_t creator; /* of a gate_only one: the thread id of who holds it */
    };
    const struct stack *stack;
};

struct instance {
    uint32_t thread; /* id */
    struct order_stamp stamp;
    struct acquisition all[]; /* the shape's held locks, oldest first, then the wanted one */
};

struct shape_lock {
    uint32_t vertex;
    uint8_t mode, gate_only; /* as in an acquisition */
};

struct shape {
    uint64_t key;
    uint32_t held_count;
    uint32_t serial;
    bool hot;           /* rejected for its order in time alone: look again next time */
    uint16_t looks;     /* how often it was looked at again */
    uint8_t instance_count;
    uint8_t next_instance; /* to be replaced when all places are taken */
    struct instance *instances[INSTANCES];
    struct shape_lock all[]; /* held locks, oldest first, then the wanted one */
};

/* One link of a cycle: `thread` holds `held` (= all[held]) and wants all[held_count]. */
struct cycle_link {
    const struct shape *shape;
    const struct instance *instance;
    uint32_t held;
};

/* Why a cycle is none; the last ones come nearest to a real one. */
enum cycle_verdict {
    CYCLE_NONE,
    CYCLE_SHARED,      /* read locks that let each other pass */
    CYCLE_ONE_THREAD,  /* not enough different threads */
    CYCLE_GATED,       /* a common gate lock */
    CYCLE_ORDERED,     /* create, join or a hand-over keeps them apart */
    CYCLE_POSSIBLE,
};

struct lock_cycle {
    enum cycle_verdict verdict;
    uint32_t length;
    uint32_t gate; /* vertex, for CYCLE_GATED */
    struct cycle_link links[CYCLE_LONGEST];
};

struct order_vertex {
    const void *lock; /* whatever the caller gave it; NULL: free */
    bool was_gate; /* a shape may name it that no edge leads to: its number is not used again */
    bool readers_queue; /* readers wait behind a waiting writer, and there are writers */
    int32_t rank;   /* the topological order, over all edges that are not `back` */
    uint32_t mark;  /* of the last search that came by */
    struct order_edge *out, *in;
    uint32_t next_free;
};

struct lock_order {
    struct order_vertex *vertices; /* [0] is no vertex */
    unsigned vertex_count, vertex_capacity;
    uint32_t free_vertex;
    int32_t first_rank, last_rank;
    uint32_t last_mark, last_serial;
    uint32_t back_edges;  /* edges that contradict the topological order */
    uint32_t shape_count, shape_capacity; /* a hash table by key */
    struct shape **shapes;
    struct order_edge **edges; /* a hash table by (from, to) */
    uint32_t edge_count, edge_capacity;
    uint64_t steps;    /* left for the search under way */
    uint32_t given_up; /* searches that ran out of steps */
    uint32_t dropped;
};

/* A vertex for `lock`; 0: no memory. It comes after all others in the order, or before: a lock that
 * is first met as a held one fits best in front. */
uint32_t lock_order_vertex(struct lock_order *order, const void *lock);
uint32_t lock_order_vertex_in_front(struct lock_order *order, const void *lock);
/* The lock is gone: all that was recorded with it goes too. */
void lock_order_remove(struct lock_order *order, uint32_t vertex);

/* How lock_order_add() tells a shape's identity from its key alone. */
struct shape *lock_order_find(const struct lock_order *order, uint64_t key);

/*
 * Thread `thread` asked for all[held_count] while holding all[0..held_count-1]; `key` stands for
 * that list without its stacks. Takes over `stamp`. The best cycle that this closes is left in
 * *cycle; its pointers are good until the next call that changes the graph.
 */
void lock_order_add(struct lock_order *order, uint64_t key, const struct acquisition *all,
                    uint32_t held_count, uint32_t thread, struct order_stamp stamp,
                    struct lock_cycle *cycle);

/* The lock has got its first writer, and its kind makes readers queue behind writers: looks again
 * at all that was recorded with it. */
void lock_order_readers_queue(struct lock_order *order, uint32_t vertex, struct lock_cycle *cycle);

/* Parts of lock_order_add(), one file each. */

struct edge_shape {
    struct edge_shape *next;
    struct shape *shape;
    uint32_t held; /* which of the shape's held locks this edge starts from */
};

struct order_edge {
    uint32_t from, to;
    bool back;
    struct order_edge *next_out, *next_in, *next_hash;
    struct order_edge **link_out, **link_in; /* what points to it in the vertices' lists */
    struct edge_shape *shapes;
};

/* Adds edge from -> to to the topological order (Pearce and Kelly 2006). Marks it `back` if it
 * contradicts the order. */
void topo_order_insert(struct lock_order *order, struct order_edge *edge);
/* Is there a path from -> ... -> to? */
bool topo_order_reaches(struct lock_order *order, uint32_t from, uint32_t to);
/* Gives last_mark to `vertex` and to all from which there is a path to it. */
void topo_order_mark_leading_to(struct lock_order *order, uint32_t vertex);
/* Every vertex's rank is above those of its predecessors. For tests. */
bool topo_order_check(const struct lock_order *order);

/* The best cycle through `instance` of `shape`. */
void lock_cycle_search(struct lock_order *order, const struct shape *shape,
                       const struct instance *instance, struct lock_cycle *best);

#endif
