/* SPDX-License-Identifier: MIT */
/*
 * Is a stack from the cache always the true one? Functions of one shape call each other along
 * random ways, so that the same site is reached at the same stack pointer from different callers.
 * Each notes its own return address: that is the truth, beside a fresh unwind.
 */
#include "tests/unit/unit.h"

#include "detector/core/stack.h"

#include <alloca.h>
#include <signal.h>
#include <stdlib.h>

enum { DEEPEST = 10 };

static struct stack_cache cache;
static const void *truth[DEEPEST + 3]; /* return addresses, outermost first */
static unsigned truth_depth;
static const struct stack *here, *captured;

#define NOINLINE __attribute__((noinline, noclone))
#ifdef __clang__
#undef NOINLINE
#define NOINLINE __attribute__((noinline))
#endif

/* What must not become a jump, nor be merged with its twin, ends with this. */
#define KEEP_FRAME() __asm__ volatile("")
#define ENTER()      (truth[truth_depth++] = __builtin_extract_return_addr(__builtin_return_address(0)))
#define LEAVE()        \
    do {               \
        truth_depth--; \
        KEEP_FRAME();  \
    } while (0)

/* Stands for a wrapper of pthread_mutex_lock(). */
static NOINLINE void wrapper(void)
{
    struct site site = CALL_SITE();

    ENTER();
    here = stack_here(&cache, site);
    captured = stack_capture(site);
    LEAVE();
}

static void check_prefix(const struct stack *longer)
{
    assert_true(here->depth <= longer->depth);
    for (uint32_t i = 0; i < here->depth; i++)
        assert_ptr_equal(here->frames[i], longer->frames[i]);
}

/* Requires: the truth as it was in wrapper(). */
static void check_truth(const struct stack *stack, unsigned depth)
{
    for (unsigned i = 0; i < depth && i < stack->depth; i++)
        assert_ptr_equal(stack->frames[i], truth[depth - 1 - i]);
}

static NOINLINE void take(void)
{
    ENTER();
    wrapper();
    check_truth(captured, truth_depth + 1);
    if (here) {
        check_truth(here, truth_depth + 1);
        check_prefix(captured);
    }
    LEAVE();
}

/* --- two callers --- */

static NOINLINE void middle(void)
{
    ENTER();
    take();
    LEAVE();
}

static NOINLINE void left(void)
{
    ENTER();
    middle();
    LEAVE();
}

static NOINLINE void right(void)
{
    ENTER();
    middle();
    LEAVE();
}

static int new_thread(void **state)
{
    (void)state;
    memset(&cache, 0, sizeof cache);
    truth_depth = 0;
    return 0;
}

static void test_two_callers(void **state)
{
    const struct stack *of_left, *of_right;

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        left();
        of_left = here;
        right();
        of_right = here;
        assert_non_null(of_left);
        assert_non_null(of_right);
        assert_ptr_not_equal(of_left, of_right);
        assert_ptr_equal(of_left->frames[0], of_right->frames[0]);
        assert_ptr_not_equal(of_left->frames[3], of_right->frames[3]);
    }
}

/* The second time costs no unwind: a hit. */
static void test_hit(void **state)
{
    const struct stack *first = NULL;

    (void)state;
    for (volatile unsigned i = 0; i < 5; i++) { /* volatile: one call site, not five */
        left();
        if (!first)
            first = here;
        assert_ptr_equal(here, first);
        assert_int_equal(cache.misses, 1);
    }
    right();
    assert_int_equal(cache.misses, 2);
}

/* Every different stack is kept once, whoever asks. */
static void test_depot(void **state)
{
    const struct stack *first = NULL;

    (void)state;
    for (volatile unsigned i = 0; i < 3; i++) {
        new_thread(NULL);
        left();
        if (!first)
            first = here;
        assert_ptr_equal(here, first);
    }
}

/* The same site further down: its return addresses still stand in memory that is no stack now. */
static NOINLINE void lower(size_t bytes, void (*function)(void))
{
    char *room = alloca(bytes);

    ENTER();
    room[0] = 1;
    __asm__ volatile("" : : "r"(room) : "memory");
    function();
    LEAVE();
}

static void test_stack_pointer(void **state)
{
    (void)state;
    for (volatile unsigned i = 0; i < 8; i++)
        lower(16 + 1024 * (7 - i), i % 2 ? left : right); /* one place in the cache for all */
}

/* --- random ways --- */

static const char *way; /* of letters, from outside to inside */

static void next(void);

#define WAY(name)                   \
    static NOINLINE void name(void) \
    {                               \
        ENTER();                    \
        next();                     \
        LEAVE();                    \
    }
WAY(way_a)
WAY(way_b)
WAY(way_c)
WAY(way_d)

static NOINLINE void next(void)
{
    static void (*const ways[])(void) = {way_a, way_b, way_c, way_d};

    ENTER();
    if (*way)
        ways[*way++ - 'a']();
    else
        take();
    LEAVE();
}

/* After many misses the cache stops unwinding: NULL then, never a wrong one. */
static void test_random(void **state)
{
    char letters[DEEPEST / 2];
    uint64_t seed = 4;
    unsigned known = 0;

    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        unsigned length = random_below(&seed, sizeof letters);

        if (round % 2000 == 0)
            new_thread(NULL);
        for (unsigned i = 0; i < length; i++)
            letters[i] = (char)('a' + random_below(&seed, i == 0 ? 4 : 2));
        letters[length] = 0;
        way = letters;
        next();
        assert_int_equal(truth_depth, 0);
        known += here != NULL;
    }
    assert_in_range(known, 5000, 20000);
}

/* --- in a signal handler, on a stack of its own: the stack pointer is always the same there --- */

static bool in_handler;
static const struct stack *here_in_handler, *captured_in_handler;

static void handler(int signal)
{
    (void)signal;
    wrapper();
    here_in_handler = here;
    captured_in_handler = captured;
    in_handler = captured->in_signal_handler;
}

static NOINLINE void interrupted_left(void)
{
    raise(SIGUSR1);
    KEEP_FRAME();
}

static NOINLINE void interrupted_right(void)
{
    raise(SIGUSR1);
    KEEP_FRAME();
}

static void test_signal_handler(void **state)
{
    enum { BYTES = 256 * 1024 };
    stack_t other = {.ss_size = BYTES}, none = {.ss_flags = SS_DISABLE};
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK};

    (void)state;
    other.ss_sp = malloc(BYTES);
    assert_non_null(other.ss_sp);
    assert_int_equal(sigaltstack(&other, NULL), 0);
    assert_int_equal(sigaction(SIGUSR1, &action, NULL), 0);
    for (unsigned i = 0; i < 6; i++) {
        if (i % 2)
            interrupted_left();
        else
            interrupted_right();
        truth_depth = 0;
        assert_true(in_handler);
        assert_non_null(here_in_handler);
        here = here_in_handler;
        check_prefix(captured_in_handler);
        if (here->depth > 3) /* long enough to pass the signal frame */
            assert_true(here->in_signal_handler);
    }
    take();
    assert_false(captured->in_signal_handler);
    signal(SIGUSR1, SIG_DFL);
    sigaltstack(&none, NULL);
    free(other.ss_sp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_two_callers, new_thread),
        cmocka_unit_test_setup(test_hit, new_thread),
        cmocka_unit_test_setup(test_depot, new_thread),
        cmocka_unit_test_setup(test_stack_pointer, new_thread),
        cmocka_unit_test_setup(test_random, new_thread),
        cmocka_unit_test_setup(test_signal_handler, new_thread),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
