/* SPDX-License-Identifier: MIT */
/*
 * Which threads are there, and which record is whose? Ids, kernel ids, handles, the use of a
 * record for another thread, and what is left of one that has gone.
 */
#include "tests/unit/unit.h"

#include "detector/core/arena.h"
#include "detector/core/thread.h"

enum { TID = 4000000 }; /* about the highest that a kernel gives */

static struct thread *start(int tid, uintptr_t handle)
{
    struct thread *thread = thread_new();

    assert_non_null(thread);
    assert_int_equal(thread->state, THREAD_STARTING);
    thread_bind(thread, tid, handle);
    assert_int_equal(thread->state, THREAD_ALIVE);
    return thread;
}

static void join(struct thread *thread)
{
    thread_ended(thread);
    thread->joined = true;
    thread_release(thread);
    assert_int_equal(thread->state, THREAD_FREE);
}

static void test_identity(void **state)
{
    struct thread *a = start(TID, 0x1000), *b = start(TID + 1, 0x2000);

    (void)state;
    assert_int_equal(b->id, a->id + 1);
    assert_int_equal(thread_last_id(), b->id);
    assert_int_equal(thread_alive_count(), 2);
    assert_ptr_equal(thread_by_id(a->id), a);
    assert_ptr_equal(thread_by_tid(TID + 1), b);
    assert_ptr_equal(thread_by_handle(0x1000), a);
    assert_ptr_equal(thread_at(b->index), b);
    assert_true(b->index < thread_table_size());
    assert_null(thread_by_id(0));
    assert_null(thread_by_id(b->id + 1));
    assert_null(thread_by_handle(0x3000));
    join(a);
    join(b);
    assert_int_equal(thread_alive_count(), 0);
}

static const struct tid_row {
    int tid;
    bool known; /* such an id can be looked up */
} tids[] = {
    {1, true},
    {4095, true},
    {4096, true},
    {4097, true},
    {32768, true},
    {TID, true},
    {4 * 1024 * 1024 - 1, true},
    {0, false},
    {-1, false},
    {4 * 1024 * 1024, false},
    {INT32_MAX, false},
};

static void test_tids(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(tids); i++) {
        struct thread *thread;

        assert_null(thread_by_tid(tids[i].tid));
        thread = start(tids[i].tid, 0x1000);
        assert_ptr_equal(thread_by_tid(tids[i].tid), tids[i].known ? thread : NULL);
        assert_null(thread_by_tid(tids[i].tid ^ 2));
        join(thread);
        assert_null(thread_by_tid(tids[i].tid));
    }
}

/* The kernel gives an id again before the record of its first owner is released. */
static void test_tid_again(void **state)
{
    struct thread *old = start(TID, 0x1000), *new;

    (void)state;
    thread_ended(old);
    assert_ptr_equal(thread_by_tid(TID), old); /* has, or had it */
    new = start(TID, 0x1000);
    assert_ptr_equal(thread_by_tid(TID), new);
    assert_ptr_equal(thread_by_handle(0x1000), new); /* the newest */
    old->joined = true;
    thread_release(old);
    assert_ptr_equal(thread_by_tid(TID), new); /* not taken away from it */
    join(new);
}

/* When is a record free for the next thread? */
static const struct release_row {
    const char *name;
    bool ended, joined, detached, being_joined, holding, released;
} releases[] = {
    {"joined", true, true, false, false, false, true},
    {"detached", true, false, true, false, false, true},
    {"neither yet", true, false, false, false, false, false},
    {"detached, still running", false, false, true, false, false, false},
    {"in pthread_join()", true, false, false, true, false, false},
    {"joined by one, another is in pthread_join()", true, true, false, true, false, false},
    {"still holds a lock", true, true, false, false, true, false},
};

static void test_release(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(releases); i++) {
        const struct release_row *row = &releases[i];
        struct thread *thread = start(TID, 0x1000);

        if (row->ended)
            thread_ended(thread);
        thread->joined = row->joined;
        thread->detached = row->detached;
        thread->joining = row->being_joined;
        thread->held.count = row->holding;
        thread_release(thread);
        if ((thread->state == THREAD_FREE) != row->released)
            fail_msg("%s: released %d", row->name, !row->released);
        assert_int_equal(thread_by_tid(TID) == NULL, row->released);
        if (!row->ended)
            thread_ended(thread);
        thread->joining = thread->held.count = 0;
        thread->joined = true;
        thread_release(thread);
    }
}

/* A record used again is as good as new; only its wait's sequence goes on, so that a watcher that
 * looked at the old thread sees that this is another wait. */
static void test_used_again(void **state)
{
    struct thread *old = start(TID, 0x1000), *new;
    uint32_t index = old->index, id = old->id, size = thread_table_size();

    (void)state;
    for (unsigned i = 0; i < 3 * HELD_INLINE; i++)
        held_push(&old->held)->object = old;
    for (unsigned i = 0; i < 3 * HELD_INLINE; i++)
        held_remove(&old->held, held_at(&old->held, old->held.count - 1));
    old->wait_sequence = 7; /* odd: as if it were blocked */
    old->created_by = 5;
    old->seen[3] = 42;
    old->once_count = 1;
    old->gate_count = 2;
    strcpy(old->name, "old");
    join(old);
    new = start(TID + 1, 0x2000);
    assert_ptr_equal(new, old);
    assert_int_equal(thread_table_size(), size);
    assert_int_equal(new->index, index);
    assert_int_not_equal(new->id, id);
    assert_int_equal(new->wait_sequence % 2, 0);
    assert_true(new->wait_sequence > 7);
    assert_int_equal(new->created_by, 0);
    assert_int_equal(new->seen[3], 0);
    assert_int_equal(new->once_count, 0);
    assert_int_equal(new->gate_count, 0);
    assert_int_equal(new->held.count, 0);
    assert_int_equal(new->clock.slot, ORDER_NONE);
    assert_string_equal(new->name, "");
    assert_false(new->joined || new->detached || new->remembered);
    for (unsigned i = 0; i < 3 * HELD_INLINE; i++)
        assert_null(held_push(&new->held)->object);
    new->held.count = 0;
    assert_null(thread_by_id(id));
    join(new);
}

/* Findings may name a thread that has gone; only those that matter are kept. */
static void test_obituaries(void **state)
{
    struct thread *important = start(TID, 0x1000), *other = start(TID + 1, 0x2000);
    uint32_t id = important->id, other_id = other->id, creator = 77;
    const struct obituary *obituary;

    (void)state;
    assert_null(thread_obituary(id));
    important->remembered = true;
    important->created_by = creator;
    important->function = &tids;
    strcpy(important->name, "teller");
    join(important);
    join(other);
    obituary = thread_obituary(id);
    assert_non_null(obituary);
    assert_int_equal(obituary->id, id);
    assert_int_equal(obituary->created_by, creator);
    assert_ptr_equal(obituary->function, &tids);
    assert_string_equal(obituary->name, "teller");
    assert_null(thread_obituary(other_id));
    for (unsigned i = 0; i < 5000; i++) { /* the oldest go first */
        important = start(TID, 0x1000);
        important->remembered = true;
        join(important);
        assert_non_null(thread_obituary(important->id));
    }
    assert_null(thread_obituary(id));
}

static void test_handles(void **state)
{
    struct thread *thread = start(TID, 0x1000), *next;
    uint32_t id = thread->id;

    (void)state;
    assert_int_equal(thread_joined_before(0x1000), 0); /* it has it now */
    thread_set_handle(thread, id + 1, 0x5000);         /* the record is another thread's */
    assert_ptr_equal(thread_by_handle(0x1000), thread);
    thread_set_handle(thread, id, 0x5000);
    assert_ptr_equal(thread_by_handle(0x5000), thread);
    assert_null(thread_by_handle(0x1000));
    join(thread);
    assert_int_equal(thread_joined_before(0x5000), id);
    assert_int_equal(thread_joined_before(0x7000), 0);
    assert_null(thread_by_handle(0x5000));
    next = start(TID, 0x5000); /* glibc gives the same pthread_t again */
    assert_int_equal(thread_joined_before(0x5000), 0);
    join(next);
}

/* A record asks for whole cache lines, wherever the arena cuts it. */
static void test_alignment(void **state)
{
    void *small = arena_alloc(16);
    struct thread *threads[40]; /* more than are free from the tests before */

    (void)state;
    assert_non_null(small);
    for (unsigned i = 0; i < COUNT(threads); i++)
        threads[i] = start(TID + (int)i, 0x1000 + i);
    for (unsigned i = 0; i < COUNT(threads); i++)
        join(threads[i]);
    for (unsigned i = 0; i < COUNT(threads); i++)
        assert_int_equal((uintptr_t)threads[i] % _Alignof(struct thread), 0);
}

static void test_fork(void **state)
{
    struct thread *self = start(TID, 0x1000), *other = start(TID + 1, 0x2000);

    (void)state;
    other->wait_sequence = 3;
    thread_after_fork(self, TID + 2);
    assert_int_equal(thread_alive_count(), 1);
    assert_int_equal(other->state, THREAD_LOST);
    assert_int_equal(other->wait_sequence % 2, 0); /* it waits for nothing any more */
    assert_int_equal(self->state, THREAD_ALIVE);
    assert_int_equal(self->tid, TID + 2);
    assert_int_equal(self->forked_from, TID);
    assert_ptr_equal(thread_by_tid(TID + 2), self);
    assert_null(thread_by_handle(0x2000));
    assert_ptr_equal(thread_by_handle(0x1000), self);
}

/* Thousands of threads at once, over several rows of the table. */
static void test_many(void **state)
{
    enum { MANY = 3000 };
    static struct thread *threads[MANY];
    uint32_t alive = thread_alive_count(), size;

    (void)state;
    for (unsigned i = 0; i < MANY; i++)
        threads[i] = start(100000 + (int)i, 0x10000 + i);
    assert_int_equal(thread_alive_count(), alive + MANY);
    size = thread_table_size();
    for (unsigned i = 0; i < MANY; i += 7) {
        assert_ptr_equal(thread_by_tid(100000 + (int)i), threads[i]);
        assert_ptr_equal(thread_by_id(threads[i]->id), threads[i]);
        assert_ptr_equal(thread_at(threads[i]->index), threads[i]);
    }
    for (unsigned i = 0; i < MANY; i++)
        join(threads[i]);
    for (unsigned i = 0; i < MANY; i++)
        join(start(100000, 0x10000));
    assert_int_equal(thread_table_size(), size); /* records are used again */
    assert_int_equal(thread_alive_count(), alive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identity),   cmocka_unit_test(test_tids),
        cmocka_unit_test(test_tid_again),  cmocka_unit_test(test_release),
        cmocka_unit_test(test_used_again), cmocka_unit_test(test_obituaries),
        cmocka_unit_test(test_handles),    cmocka_unit_test(test_many),
        cmocka_unit_test(test_alignment),  cmocka_unit_test(test_fork),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
