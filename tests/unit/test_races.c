/* SPDX-License-Identifier: MIT */
/*
 * What several threads do at once: the raw lock, the arena, the table of threads by kernel id, the
 * records of objects that are looked for while others retire them, the table of seen demands, and
 * the findings area. Built with ThreadSanitizer, this is where it looks.
 */
#include "tests/unit/unit.h"

#include "detector/core/arena.h"
#include "detector/core/leaves.h"
#include "detector/core/object.h"
#include "detector/core/raw_lock.h"
#include "detector/core/seen.h"
#include "detector/core/thread.h"
#include "detector/report/area.h"

#include <pthread.h>
#include <sched.h>

enum { THREADS = 4, ROUNDS = 20000, LOCKS = 16 };

static pthread_barrier_t start_line;
static _Atomic unsigned failures; /* cmocka's asserts belong to the main thread */

#define CHECK(condition) (failures += !(condition))

static void run(void *(*function)(void *), unsigned threads)
{
    pthread_t handles[THREADS];

    failures = 0;
    assert_int_equal(pthread_barrier_init(&start_line, NULL, threads), 0);
    for (uintptr_t i = 0; i < threads; i++)
        assert_int_equal(pthread_create(&handles[i], NULL, function, (void *)i), 0);
    for (unsigned i = 0; i < threads; i++)
        assert_int_equal(pthread_join(handles[i], NULL), 0);
    pthread_barrier_destroy(&start_line);
    assert_int_equal(failures, 0);
}

/* --- raw_lock --- */

static struct raw_lock lock;
static unsigned guarded;

static void *count_up(void *argument)
{
    (void)argument;
    pthread_barrier_wait(&start_line);
    for (unsigned i = 0; i < ROUNDS; i++) {
        raw_lock(&lock);
        guarded++;
        raw_unlock(&lock);
    }
    return NULL;
}

static void test_raw_lock(void **state)
{
    (void)state;
    guarded = 0;
    run(count_up, THREADS);
    assert_int_equal(guarded, THREADS * ROUNDS);
    assert_int_equal(lock.state, 0); /* free, and nobody left asleep */
}

/* --- arena --- */

static void *use_arena(void *argument)
{
    uint64_t seed = (uintptr_t)argument + 1;
    unsigned char *blocks[16] = {NULL};
    size_t sizes[16];

    pthread_barrier_wait(&start_line);
    for (unsigned i = 0; i < ROUNDS / 4; i++) {
        unsigned at = random_below(&seed, 16);

        if (blocks[at]) {
            CHECK(blocks[at][0] == at + 1 && blocks[at][sizes[at] - 1] == at + 1);
            arena_free(blocks[at], sizes[at]);
            blocks[at] = NULL;
            continue;
        }
        sizes[at] = 1 + random_below(&seed, 700);
        blocks[at] = arena_alloc(sizes[at]);
        CHECK(blocks[at] && !blocks[at][0] && !blocks[at][sizes[at] - 1]);
        memset(blocks[at], (int)at + 1, sizes[at]);
    }
    return NULL;
}

static void test_arena(void **state)
{
    (void)state;
    run(use_arena, THREADS);
}

/* --- objects: one thread makes and retires them, the others look --- */

static struct raw_lock detector; /* stands for the detector's lock */
static struct fake_lock locks[LOCKS];

static void make_and_retire(uint64_t *seed)
{
    struct fake_lock *at = &locks[random_below(seed, LOCKS)];
    struct object *object;

    raw_lock(&detector);
    object = object_find(at);
    if (object)
        object_retire(object);
    else
        object_get(at, OBJECT_MUTEX, NULL);
    raw_unlock(&detector);
}

/* A record that is found is one of these, or was: it may be another's by now. */
static void look(uint64_t *seed)
{
    struct fake_lock *at = &locks[random_below(seed, LOCKS)];
    struct object *object = object_find(at);
    uintptr_t address = object ? __atomic_load_n(&object->address, __ATOMIC_ACQUIRE) : 0;

    CHECK(!address || (address >= (uintptr_t)locks && address < (uintptr_t)(locks + LOCKS)));
    object_maybe_in((uintptr_t)at, sizeof *at);
}

static void *use_objects(void *argument)
{
    uint64_t seed = (uintptr_t)argument + 7;

    pthread_barrier_wait(&start_line);
    for (unsigned i = 0; i < ROUNDS; i++)
        if ((uintptr_t)argument == 0)
            make_and_retire(&seed);
        else
            look(&seed);
    return NULL;
}

static void test_objects(void **state)
{
    (void)state;
    run(use_objects, THREADS);
    for (unsigned i = 0; i < LOCKS; i++)
        if (object_find(&locks[i]))
            object_retire(object_find(&locks[i]));
}

/* What stays must be found all the time, whatever comes and goes in its bucket. */
static struct fake_lock *steady;

static void *look_for_steady(void *argument)
{
    uint64_t seed = 9;

    pthread_barrier_wait(&start_line);
    for (unsigned i = 0; i < ROUNDS; i++)
        if ((uintptr_t)argument == 0) {
            struct fake_lock *at = &locks[random_below(&seed, LOCKS)];

            if (at != steady) {
                raw_lock(&detector);
                if (object_find(at))
                    object_retire(object_find(at));
                else
                    object_get(at, OBJECT_MUTEX, NULL);
                raw_unlock(&detector);
            }
        } else if (!object_find(steady)) {
            raw_lock(&detector); /* whoever misses looks again under the lock */
            CHECK(object_find(steady));
            raw_unlock(&detector);
        }
    return NULL;
}

static void test_steady_object(void **state)
{
    (void)state;
    steady = &locks[0]; /* made first: last in its bucket */
    object_get(steady, OBJECT_MUTEX, NULL);
    run(look_for_steady, THREADS);
    for (unsigned i = 0; i < LOCKS; i++)
        if (object_find(&locks[i]))
            object_retire(object_find(&locks[i]));
}

/* --- threads --- */

static void *live_and_die(void *argument)
{
    int tid = 1000 + (int)(uintptr_t)argument;

    pthread_barrier_wait(&start_line);
    for (unsigned i = 0; i < ROUNDS / 20; i++) {
        struct thread *thread = thread_new();

        thread_bind(thread, tid, (uintptr_t)tid);
        CHECK(thread_by_tid(tid) == thread);
        for (int other = 1000; other < 1000 + THREADS; other++) {
            const struct thread *found = thread_by_tid(other);

            CHECK(!found || found->index < thread_table_size());
        }
        thread_ended(thread);
        thread_table_lock();
        thread->detached = true;
        thread_table_unlock();
        thread_release(thread);
    }
    return NULL;
}

static void test_threads(void **state)
{
    (void)state;
    run(live_and_die, THREADS);
    assert_int_equal(thread_alive_count(), 0);
    assert_true(thread_table_size() <= THREADS);
}

/* Two threads are the first ones in one part of the table at the same time. */
static void *bind_first(void *argument)
{
    struct thread *thread = thread_new();
    int tid = 3000000 + (int)(uintptr_t)argument;

    pthread_barrier_wait(&start_line);
    thread_bind(thread, tid, (uintptr_t)tid);
    CHECK(thread_by_tid(tid) == thread);
    pthread_barrier_wait(&start_line);
    for (int i = 0; i < THREADS; i++)
        CHECK(thread_by_tid(3000000 + i));
    return NULL;
}

static void test_first_bind(void **state)
{
    (void)state;
    run(bind_first, THREADS);
}

/* --- seen --- */

static void *see(void *argument)
{
    uint64_t key = 88172645463325252;

    pthread_barrier_wait(&start_line);
    for (unsigned i = 0; i < ROUNDS; i++) {
        random_next(&key);
        if ((uintptr_t)argument == 0) {
            seen_add(key);
            CHECK(seen_before(key));
        } else {
            seen_before(key);
            CHECK(!seen_before(~key));
        }
    }
    return NULL;
}

static void test_seen(void **state)
{
    (void)state;
    run(see, THREADS);
}

/* --- leaves: one thread sets a demand for a lock aside, while another is seen to hold it --- */

enum { LEAVES = 10000 };
static struct fake_lock leaves[LEAVES];
static _Atomic unsigned turn; /* a barrier that does not sleep: both start within nanoseconds */

static void *set_aside_or_hold(void *argument)
{
    bool holds = argument;

    pthread_barrier_wait(&start_line);
    for (unsigned i = 0; i < LEAVES; i++) {
        struct held held = {.count = 0};

        held_push(&held)->object = &leaves[i];
        turn++;
        for (unsigned spins = 0; turn < 2 * i + 2; spins++)
            if (spins > 1000) /* the other one has no processor */
                sched_yield();
        if (holds)
            leaves_not(&held, 1);
        else
            leaves[i].state = leaves_set_aside(&leaves[i]); /* read after the join */
    }
    return NULL;
}

/* Generations are shared by many locks, so each must have moved as often as its locks say. */
static void test_leaves(void **state)
{
    static uint32_t before[OBJECT_GENERATIONS], expected[OBJECT_GENERATIONS];
    unsigned lost = 0;

    (void)state;
    memcpy(before, object_generations, sizeof before);
    turn = 0;
    run(set_aside_or_hold, 2);
    for (unsigned i = 0; i < LEAVES; i++)
        expected[((uintptr_t)&leaves[i] >> 4) % OBJECT_GENERATIONS] += leaves[i].state != 0;
    for (unsigned i = 0; i < OBJECT_GENERATIONS; i++)
        if (object_generations[i] - before[i] < expected[i])
            lost += expected[i] - (object_generations[i] - before[i]);
    assert_int_equal(lost, 0); /* demands that will never be recorded */
}

/* --- the findings area --- */

static void *append(void *argument)
{
    static const char line[] = "{\"schema\":\"gridlock-raw/1\"}\n";

    (void)argument;
    pthread_barrier_wait(&start_line);
    for (unsigned i = 0; i < 1000; i++)
        CHECK(area_append(line, sizeof line - 1));
    return NULL;
}

static void test_area(void **state)
{
    (void)state;
    assert_true(area_open(NULL));
    run(append, THREADS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_raw_lock), cmocka_unit_test(test_arena),
        cmocka_unit_test(test_objects),  cmocka_unit_test(test_steady_object),
        cmocka_unit_test(test_threads),  cmocka_unit_test(test_first_bind),
        cmocka_unit_test(test_seen),     cmocka_unit_test(test_leaves),
        cmocka_unit_test(test_area),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
