/* SPDX-License-Identifier: MIT */
/*
 * Which threads are there, and which record belongs to a kernel's thread id?
 *
 * Records stand in a table of pointers that only grows; a free record is used again. A second
 * table, in two levels and touched where it is used, leads from the kernel's id to the record
 * without a lock: a mutex names its owner by that id.
 *
 * A record is large. When its thread is gone, what findings may still say of it is kept in a ring
 * of small ones.
 *
 * Invariant: ids are never used twice.
 */
#include "detector/core/thread.h"

#include "detector/core/arena.h"
#include "detector/core/raw_lock.h"

#include <string.h>

enum { TID_LOW = 4096, TID_HIGH = 1024, TABLE_ROW = 1024, TABLE_ROWS = 4096, OBITUARIES = 4096 };

__thread struct thread *thread_current __attribute__((tls_model("initial-exec")));
__thread bool thread_never __attribute__((tls_model("initial-exec")));
__thread struct thread *thread_own __attribute__((tls_model("initial-exec")));

static struct {
    struct raw_lock lock;
    uint32_t size, last_id, alive;
    struct thread **rows[TABLE_ROWS];
    uint32_t free_count, free_capacity;
    uint32_t *free; /* indexes of free records, taken from the end */
    struct thread **by_tid[TID_HIGH];
} table;

static struct obituary obituaries[OBITUARIES]; /* a ring: the oldest go first */
static uint32_t obituary_count;

void thread_table_lock(void)
{
    raw_lock(&table.lock);
}

void thread_table_unlock(void)
{
    raw_unlock(&table.lock);
}

struct thread *thread_at(uint32_t i)
{
    return table.rows[i / TABLE_ROW][i % TABLE_ROW];
}

uint32_t thread_table_size(void)
{
    return __atomic_load_n(&table.size, __ATOMIC_ACQUIRE);
}

uint32_t thread_last_id(void)
{
    return __atomic_load_n(&table.last_id, __ATOMIC_RELAXED);
}

uint32_t thread_alive_count(void)
{
    return __atomic_load_n(&table.alive, __ATOMIC_RELAXED);
}

/* Requires: the table's lock. */
static struct thread *take_free(void)
{
    while (table.free_count) {
        struct thread *thread = thread_at(table.free[--table.free_count]);

        if (thread->state == THREAD_FREE)
            return thread;
    }
    return NULL;
}

/* Requires: the table's lock. */
static struct thread *add_record(void)
{
    uint32_t row = table.size / TABLE_ROW;
    struct thread *thread = arena_alloc(sizeof *thread);

    if (!thread || row >= TABLE_ROWS)
        return NULL;
    if (!table.rows[row])
        table.rows[row] = arena_alloc(TABLE_ROW * sizeof *table.rows[row]);
    if (!table.rows[row])
        return NULL;
    thread->index = table.size;
    table.rows[row][table.size % TABLE_ROW] = thread;
    __atomic_store_n(&table.size, table.size + 1, __ATOMIC_RELEASE);
    return thread;
}

/* The stack cache may stay: its entries are checked before they are believed. */
static void wipe(struct thread *thread)
{
    struct held held = thread->held;
    uint32_t sequence = thread->wait_sequence, case_capacity = thread->case_capacity;
    struct event_case *cases = thread->cases;

    memset(&thread->hidden, 0, offsetof(struct thread, sites) - offsetof(struct thread, hidden));
    thread->held.locks = held.locks;
    thread->held.capacity = held.capacity;
    if (held.locks)
        memset(held.locks, 0, held.capacity * sizeof *held.locks);
    thread->wait_sequence = (sequence + 1) & ~1u;
    thread->cases = cases;
    thread->case_capacity = case_capacity;
}

struct thread *thread_new(void)
{
    struct thread *thread;

    raw_lock(&table.lock);
    thread = take_free();
    if (thread)
        wipe(thread);
    else
        thread = add_record();
    if (thread) {
        thread->id = __atomic_add_fetch(&table.last_id, 1, __ATOMIC_RELAXED);
        thread->state = THREAD_STARTING;
        __atomic_add_fetch(&table.alive, 1, __ATOMIC_RELAXED);
    }
    raw_unlock(&table.lock);
    return thread;
}

static struct thread **tid_place(int tid, bool make)
{
    unsigned high = (unsigned)tid / TID_LOW;
    struct thread **low;

    if (tid <= 0 || high >= TID_HIGH)
        return NULL;
    low = __atomic_load_n(&table.by_tid[high], __ATOMIC_ACQUIRE);
    if (!low && make) {
        struct thread **none = NULL;

        low = arena_alloc(TID_LOW * sizeof *low);
        if (low && !__atomic_compare_exchange_n(&table.by_tid[high], &none, low, 0,
                                                __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
            arena_free(low, TID_LOW * sizeof *low);
            low = none;
        }
    }
    return low ? &low[(unsigned)tid % TID_LOW] : NULL;
}

void thread_bind(struct thread *thread, int tid, uintptr_t handle)
{
    struct thread **place = tid_place(tid, true);

    thread->tid = tid;
    thread->handle = handle;
    if (place)
        __atomic_store_n(place, thread, __ATOMIC_RELEASE);
    __atomic_store_n(&thread->state, THREAD_ALIVE, __ATOMIC_RELEASE);
}

void thread_set_handle(struct thread *thread, uint32_t id, uintptr_t handle)
{
    raw_lock(&table.lock);
    if (thread->id == id && thread->state != THREAD_FREE)
        thread->handle = handle;
    raw_unlock(&table.lock);
}

void thread_unbind(struct thread *thread)
{
    struct thread **place = tid_place(thread->tid, false);

    if (place && __atomic_load_n(place, __ATOMIC_RELAXED) == thread)
        __atomic_store_n(place, NULL, __ATOMIC_RELEASE);
}

struct thread *thread_by_tid(int tid)
{
    struct thread **place = tid_place(tid, false);

    return place ? __atomic_load_n(place, __ATOMIC_ACQUIRE) : NULL;
}

struct thread *thread_by_id(uint32_t id)
{
    for (uint32_t i = 0; id && i < thread_table_size(); i++)
        if (thread_at(i)->id == id && thread_at(i)->state != THREAD_FREE)
            return thread_at(i);
    return NULL;
}

struct thread *thread_by_handle(uintptr_t handle)
{
    struct thread *newest = NULL;

    for (uint32_t i = 0; i < thread_table_size(); i++) {
        struct thread *thread = thread_at(i);

        if (thread->state != THREAD_FREE && thread->state != THREAD_LOST &&
            thread->handle == handle && (!newest || thread->id > newest->id))
            newest = thread;
    }
    return newest;
}

void thread_ended(struct thread *thread)
{
    raw_lock(&table.lock);
    thread->state = THREAD_EXITED;
    __atomic_sub_fetch(&table.alive, 1, __ATOMIC_RELAXED);
    raw_unlock(&table.lock);
}

uint32_t thread_joined_before(uintptr_t handle)
{
    uint32_t id = 0;

    for (uint32_t i = 0; i < thread_table_size(); i++) {
        const struct thread *thread = thread_at(i);

        if (thread->handle != handle)
            continue;
        if (thread->state != THREAD_FREE && !thread->joined)
            return 0;
        if (thread->joined && thread->id > id)
            id = thread->id;
    }
    return id;
}

/* Requires: the table's lock. */
static void bury(const struct thread *thread)
{
    struct obituary *obituary = &obituaries[obituary_count++ % OBITUARIES];

    *obituary = (struct obituary){.id = thread->id,
                                  .created_by = thread->created_by,
                                  .function = thread->function,
                                  .created_at = thread->created_at,
                                  .tells = thread->tells};
    memcpy(obituary->name, thread->name, sizeof obituary->name);
}

const struct obituary *thread_obituary(uint32_t id)
{
    for (uint32_t i = 0; i < OBITUARIES && i < obituary_count; i++)
        if (obituaries[i].id == id)
            return &obituaries[i];
    return NULL;
}

void thread_release(struct thread *thread)
{
    raw_lock(&table.lock);
    if (thread->state == THREAD_EXITED && (thread->joined || thread->detached) &&
        !thread->joining && !thread->held.count) {
        bool room = arena_grow((void **)&table.free, &table.free_capacity, table.free_count + 1,
                               sizeof *table.free);

        if (thread->remembered)
            bury(thread);
        thread_unbind(thread);
        thread->state = THREAD_FREE;
        if (room)
            table.free[table.free_count++] = thread->index;
    }
    raw_unlock(&table.lock);
}

void thread_after_fork(struct thread *self, int tid)
{
    for (uint32_t i = 0; i < table.size; i++) {
        struct thread *thread = thread_at(i);

        if (thread != self && thread->state != THREAD_FREE) {
            thread->state = THREAD_LOST;
            thread->wait_sequence &= ~1u;
        }
    }
    __atomic_store_n(&table.alive, 1, __ATOMIC_RELAXED);
    if (self) {
        self->forked_from = self->tid;
        thread_bind(self, tid, self->handle);
    }
}
