/* SPDX-License-Identifier: MIT */
/*
 * Which object lives at this address now?
 *
 * One hash table, by granules of 256 bytes, serves two questions: "what is at this address?" and
 * "is anything known inside this block that is being freed?". Its buckets are not scattered by
 * the hash, so that objects that lie close together touch the same page of it.
 *
 * Readers take no lock. A record may be retired and used again under their eyes: they compare
 * its address after they found it, and whoever misses looks again under the detector's lock.
 */
#include "detector/core/object.h"

#include "detector/core/arena.h"
#include "detector/core/probe.h"

#include <string.h>

bool object_any;
uint32_t object_generations[OBJECT_GENERATIONS];

struct object *object_buckets[OBJECT_BUCKETS];
static struct object *retired;
static uint32_t last_serial;

static struct object **bucket_of(uintptr_t address)
{
    return &object_buckets[(address >> OBJECT_GRANULE_BITS) % OBJECT_BUCKETS];
}

struct object *object_find(const void *address)
{
    struct object *object = __atomic_load_n(bucket_of((uintptr_t)address), __ATOMIC_ACQUIRE);

    for (; object; object = __atomic_load_n(&object->next, __ATOMIC_ACQUIRE))
        if (__atomic_load_n(&object->address, __ATOMIC_ACQUIRE) == (uintptr_t)address)
            return object;
    return NULL;
}

static bool is_marked_kind(enum object_kind kind)
{
    return kind == OBJECT_MUTEX || kind == OBJECT_RWLOCK;
}

static void leave_mark(struct object *object, const void *address)
{
    uintptr_t *mark = is_marked_kind(object->kind)
                          ? probe_mark(address, object->kind == OBJECT_RWLOCK)
                          : NULL;

    if (!mark)
        return;
    object->mark = ((uintptr_t)address * 31 ^ (uintptr_t)object->serial << 40) | 1;
    __atomic_store_n(mark, object->mark, __ATOMIC_RELAXED);
}

bool object_is_current(const struct object *object)
{
    uintptr_t *mark = object->mark ? probe_mark((const void *)object->address,
                                                object->kind == OBJECT_RWLOCK)
                                   : NULL;

    return !object->mark || (mark && __atomic_load_n(mark, __ATOMIC_RELAXED) == object->mark);
}

struct object *object_get(const void *address, enum object_kind kind, const struct stack *seen_at)
{
    struct object *object = object_find(address);
    struct object **bucket = bucket_of((uintptr_t)address);
    struct object_service *spare;

    if (object && object->kind == OBJECT_UNKNOWN) {
        object->kind = kind;
        leave_mark(object, address);
    }
    if (object)
        return object;
    object = retired;
    if (object)
        retired = object->next;
    else
        object = arena_alloc(sizeof *object);
    if (!object)
        return NULL;
    spare = object->service ? object->service : object->spare;
    memset(&object->kind, 0, sizeof *object - offsetof(struct object, kind));
    object->spare = spare;
    object_any = true;
    object->kind = kind;
    object->serial = ++last_serial;
    object->seen_at = seen_at;
    leave_mark(object, address);
    __atomic_store_n(&object->next, *bucket, __ATOMIC_RELAXED);
    __atomic_store_n(&object->address, (uintptr_t)address, __ATOMIC_RELEASE);
    __atomic_store_n(bucket, object, __ATOMIC_RELEASE);
    return object;
}

void object_retire(struct object *object)
{
    struct object **link = bucket_of(object->address);

    object_generations[(object->address >> 4) % OBJECT_GENERATIONS]++;
    while (*link != object)
        link = &(*link)->next;
    __atomic_store_n(link, object->next, __ATOMIC_RELEASE);
    __atomic_store_n(&object->address, 0, __ATOMIC_RELEASE);
    order_epoch += object->known != NULL;
    order_vector_drop(&object->known);
    if (object->service)
        order_stamp_drop(&object->service->post_stamp);
    if (object->readers)
        order_stamp_drop(&object->readers->stamp);
    arena_free(object->readers, sizeof *object->readers);
    arena_free(object->name, OBJECT_NAME);
    __atomic_store_n(&object->next, retired, __ATOMIC_RELAXED);
    retired = object;
}

bool object_maybe_in(uintptr_t low, size_t size)
{
    uintptr_t first = low >> OBJECT_GRANULE_BITS, last = (low + size - 1) >> OBJECT_GRANULE_BITS;

    if (!size)
        return false;
    if (last - first >= OBJECT_BUCKETS)
        last = first + OBJECT_BUCKETS - 1;
    for (uintptr_t granule = first; granule <= last; granule++)
        if (__atomic_load_n(&object_buckets[granule % OBJECT_BUCKETS], __ATOMIC_RELAXED))
            return true;
    return false;
}

void object_visit(uintptr_t low, size_t size, void (*visit)(struct object *))
{
    uintptr_t first = low >> OBJECT_GRANULE_BITS, last = (low + size - 1) >> OBJECT_GRANULE_BITS;

    if (!size)
        return;
    if (last - first >= OBJECT_BUCKETS)
        last = first + OBJECT_BUCKETS - 1;
    for (uintptr_t granule = first; granule <= last; granule++) {
        struct object *next;

        for (struct object *object = object_buckets[granule % OBJECT_BUCKETS]; object; object = next) {
            next = object->next;
            if (object->address - low < size)
                visit(object);
        }
    }
}

/* A service stays with its record: a thread that was woken may still be on its way out of a wait
 * when the condition is destroyed, which POSIX allows, and must not write into other memory. */
struct object_service *object_service(struct object *object)
{
    struct object_service *service = object->service ? object->service : object->spare;

    if (object->service)
        return service;
    if (service)
        memset(service, 0, sizeof *service);
    else
        service = arena_alloc(sizeof *service);
    object->service = service;
    object->spare = NULL;
    return service;
}

struct object_readers *object_readers(struct object *object)
{
    if (!object->readers)
        object->readers = arena_alloc(sizeof *object->readers);
    return object->readers;
}

void object_name(const void *address, const char *name)
{
    struct object *object = object_find(address);

    if (!object)
        object = object_get(address, OBJECT_UNKNOWN, NULL);
    if (object && !object->name)
        object->name = arena_alloc(OBJECT_NAME);
    if (object && object->name)
        strncpy(object->name, name, OBJECT_NAME - 1);
}

void object_after_fork(void)
{
    for (unsigned i = 0; i < OBJECT_BUCKETS; i++)
        for (struct object *object = object_buckets[i]; object; object = object->next)
            object->lock.state = 0;
}

void object_add_server(struct object_servers *servers, uint32_t thread, bool in_handler)
{
    servers->from_handler |= in_handler;
    for (uint32_t i = 0; i < servers->count; i++)
        if (servers->ids[i] == thread)
            return;
    if (servers->count == OBJECT_SERVERS)
        servers->overflow = true;
    else
        servers->ids[servers->count++] = thread;
}
