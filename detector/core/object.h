/* SPDX-License-Identifier: MIT */
/*
 * object.h - what is known of each lock, condition, semaphore and barrier that matters
 *
 * Layer:    detector/core
 * Memory:   a record is made when an object first matters (a lock: when it is first nested), and
 *           used again after object_retire(); records are never unmapped
 * Locking:  object_find() needs none; making and retiring need the detector's lock; the state of a
 *           condition, semaphore or barrier has the record's own lock
 * Errors:   no memory: NULL, the object is not tracked
 *
 * An address is not an object: memory is used again. What ends an object's life (destroy, a second
 * init, free, munmap) retires the record and moves the address's generation on, so that nothing
 * that was remembered for the old object fits the new one. Static initialisers, C++ constructors
 * and returning stack frames call nothing: for them the record leaves its mark inside the lock,
 * which an initialiser wipes out.
 */
#ifndef GRIDLOCK_CORE_OBJECT_H
#define GRIDLOCK_CORE_OBJECT_H

#include "detector/core/need.h"
#include "detector/core/order.h"
#include "detector/core/raw_lock.h"
#include "detector/core/stack.h"

#include <stddef.h>

enum object_kind {
    OBJECT_MUTEX,
    OBJECT_RWLOCK,
    OBJECT_SPIN,
    OBJECT_SEMAPHORE,
    OBJECT_COND,
    OBJECT_BARRIER,
    OBJECT_ONCE,
    OBJECT_THREAD,
    OBJECT_CHANNEL,
    OBJECT_WAITGROUP,
    OBJECT_CONTEXT,
    OBJECT_UNKNOWN, /* named by the program before its first use */
};

enum { OBJECT_SERVERS = 8, OBJECT_GENERATIONS = 4096, OBJECT_GATES = 4, OBJECT_NAME = 48 };

/* Who served the object (signalled, posted), as far as it can be told. */
struct object_servers {
    uint32_t count;
    bool overflow;                 /* more than fit: assume that anybody may */
    bool from_handler;             /* a signal handler did */
    uint32_t ids[OBJECT_SERVERS];  /* thread ids */
};

struct object_event {
    uint32_t thread; /* id; 0: never */
    int64_t when;    /* CLOCK_MONOTONIC, ns */
    const void *pc;
    const struct stack *stack;
};

/* What conditions, semaphores and barriers have besides. */
struct object_service {
    struct object_servers servers;
    struct object_event last; /* the last signal, broadcast or post */
    bool last_met_waiter; /* that signal found somebody to wake */
    bool last_to_all;     /* it was a broadcast */
    uint32_t waiters;   /* threads between the start and the end of a wait */
    uint32_t credit;    /* signals that no waiter has returned from yet; <= waiters */
    uint32_t round;     /* a barrier's */
    uint32_t parties;   /* a barrier's count; a semaphore's initial value */
    bool initialised;   /* parties is known */
    bool shared;        /* with other processes */
    bool foreign_posts; /* a semaphore that somebody posted without having taken it */
    bool post_seen;
    struct object_event entered; /* a condition's newest waiter */
    const void *mutex;           /* that it gave back */
    uint32_t gate_count; /* locks under which every post so far happened; valid if post_seen */
    const void *gates[OBJECT_GATES];
    struct order_stamp post_stamp; /* of the last post under a gate; the detector's lock */
    struct need needed; /* a WaitGroup's: what the last done needed */
};

/* What a rwlock has besides whose readers queue behind writers. The detector's lock guards it. */
struct object_readers {
    bool writer_seen;
    uint32_t twice; /* a thread that read-locked it twice; 0: none */
    struct object_event first, second; /* where it did */
    struct order_stamp stamp;          /* when */
};

/* Kept small: there is one for each lock that was ever nested. */
struct object {
    uintptr_t address;   /* 0: retired */
    struct object *next; /* in the bucket */
    /* readers without a lock look no further than this */
    uint8_t kind;      /* enum object_kind */
    bool in_handler;   /* a lock that a signal handler took */
    struct raw_lock lock; /* guards *service */
    uint32_t serial;      /* the n-th record made */
    uint32_t vertex;      /* in the lock-order graph; 0: none */
    const struct stack *seen_at; /* where it first mattered */
    uintptr_t mark;              /* what probe_mark() must hold; 0: not marked */
    char *name;                  /* given by the program; or NULL */
    struct object_service *service;
    struct object_service *spare; /* the service of an earlier object in this record */
    struct object_readers *readers;
    struct order_vector *known; /* what happened before its last release; the detector's lock */
};

extern bool object_any; /* a record was made */
extern uint32_t object_generations[OBJECT_GENERATIONS];

static inline uint32_t object_generation(const void *address)
{
    return object_generations[((uintptr_t)address >> 4) % OBJECT_GENERATIONS];
}

/* The table, by granules of 256 bytes; for object_maybe_at(). */
enum { OBJECT_GRANULE_BITS = 8, OBJECT_BUCKETS = 65536 };
extern struct object *object_buckets[OBJECT_BUCKETS];

/* Might there be a record at `address`? False is certain. Lock-free. */
static inline bool object_maybe_at(const void *address)
{
    return object_buckets[((uintptr_t)address >> OBJECT_GRANULE_BITS) % OBJECT_BUCKETS];
}

/* The record at `address`, or NULL. */
struct object *object_find(const void *address);
/* The record at `address`, of whatever kind, made if there is none; a caller for whom another kind
 * will not do retires it first. Requires: the detector's lock. */
struct object *object_get(const void *address, enum object_kind kind, const struct stack *seen_at);
/* Does the lock at the record's address bear its mark still? True for what is not marked. */
bool object_is_current(const struct object *object);
/* The object's life is over. Requires: nothing refers to its vertex any more. */
void object_retire(struct object *object);
/* Might there be a record in [low, low + size)? False is certain. Lock-free. */
bool object_maybe_in(uintptr_t low, size_t size);
/* Calls visit for each record in [low, low + size). */
void object_visit(uintptr_t low, size_t size, void (*visit)(struct object *));

/* The object's extra parts, made on first use. NULL: no memory. Requires: the detector's lock. */
struct object_service *object_service(struct object *object);
struct object_readers *object_readers(struct object *object);

/* Gives the object at `address` a name. Requires: the detector's lock. */
void object_name(const void *address, const char *name);
/* In the child of a fork: no other thread holds a record's lock any more. */
void object_after_fork(void);

/* Notes that `thread` served. Requires: the object's lock. */
void object_add_server(struct object_servers *servers, uint32_t thread, bool in_handler);

#endif
