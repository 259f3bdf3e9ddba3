/* SPDX-License-Identifier: MIT */
/*
 * Does the search for cycles miss one, or find one too many? 20,000 random programs of at most four
 * threads and six locks. The oracle keeps a plain list of demands and tries every chain of them;
 * its happens-before is a set of demands.
 */
#include "tests/unit/unit.h"

#include "tests/unit/lock_program.h"

enum { RANDOM_LOCKS = 6, RANDOM_THREADS = 4, MOST_DEMANDS = 64 };

struct random_demand {
    unsigned thread, held_count;
    unsigned lock[4]; /* held locks, then the wanted one */
    uint8_t mode[4];
    uint64_t before; /* demands that had happened before it, as bits */
    unsigned epoch;  /* how often its thread had let others know, with news, before it */
    bool gone;       /* replaced by the same thread, or one of its locks was destroyed */
};

static struct {
    struct random_demand demands[MOST_DEMANDS];
    unsigned count;
    uint64_t known[RANDOM_THREADS]; /* demands of others */
    uint64_t own[RANDOM_THREADS];   /* its own */
    unsigned epoch[RANDOM_THREADS];
    bool news[RANDOM_THREADS];
    bool readers_queue[RANDOM_LOCKS];
} model;

static const struct random_demand *chain[RANDOM_THREADS];

static bool model_exclude(uint8_t a, uint8_t b)
{
    return a == MODE_EXCLUSIVE || b == MODE_EXCLUSIVE;
}

static bool happened_before(const struct random_demand *a, const struct random_demand *b)
{
    return b->before >> (a - model.demands) & 1;
}

/* Can the two be under way at the same time, in different threads? */
static bool fit_together(const struct random_demand *a, const struct random_demand *b)
{
    for (unsigned i = 0; i < a->held_count; i++)
        for (unsigned k = 0; k < b->held_count; k++)
            if (a->lock[i] == b->lock[k] && model_exclude(a->mode[i], b->mode[k]))
                return false;
    return a->thread != b->thread && !happened_before(a, b) && !happened_before(b, a);
}

static bool waits_for(const struct random_demand *a, const struct random_demand *b)
{
    for (unsigned i = 0; i < b->held_count; i++)
        if (b->lock[i] == a->lock[a->held_count] &&
            (model_exclude(a->mode[a->held_count], b->mode[i]) || model.readers_queue[b->lock[i]]))
            return true;
    return false;
}

/* Every chain that starts with chain[0..length). */
static bool closes(unsigned length)
{
    if (length > 1 && waits_for(chain[length - 1], chain[0]))
        return true;
    for (unsigned i = 0; i < model.count && length < RANDOM_THREADS; i++) {
        const struct random_demand *next = &model.demands[i];
        bool fits = !next->gone && waits_for(chain[length - 1], next);

        for (unsigned k = 0; k < length && fits; k++)
            fits = fit_together(chain[k], next);
        chain[length] = next;
        if (fits && closes(length + 1))
            return true;
    }
    return false;
}

static bool same_demand(const struct random_demand *a, const struct random_demand *b)
{
    return a->held_count == b->held_count &&
           !memcmp(a->lock, b->lock, (a->held_count + 1) * sizeof a->lock[0]) &&
           !memcmp(a->mode, b->mode, a->held_count + 1);
}

/* Is this a cycle by definition? An exact repetition is not looked at twice. */
static bool model_add(struct random_demand *new)
{
    bool repeated = false;

    new->before = model.known[new->thread];
    new->epoch = model.epoch[new->thread];
    for (unsigned i = 0; i < model.count; i++) {
        struct random_demand *old = &model.demands[i];

        if (old->gone || old->thread != new->thread || !same_demand(old, new))
            continue;
        repeated = old->epoch == new->epoch && old->before == new->before;
        old->gone = true;
    }
    model.own[new->thread] |= UINT64_C(1) << model.count;
    model.news[new->thread] = true;
    model.demands[model.count++] = *new;
    chain[0] = &model.demands[model.count - 1];
    return !repeated && closes(1);
}

static void random_demand(uint64_t *seed, bool shared_modes)
{
    struct random_demand new = {.thread = random_below(seed, RANDOM_THREADS)};
    struct acquisition all[4] = {0};
    struct lock_cycle cycle;
    unsigned used = 0;

    new.held_count = 1 + (random_below(seed, 4) == 0) + (random_below(seed, 4) == 0);
    for (unsigned i = 0; i <= new.held_count; i++) {
        do
            new.lock[i] = random_below(seed, RANDOM_LOCKS);
        while (used >> new.lock[i] & 1);
        used |= 1u << new.lock[i];
        new.mode[i] = shared_modes &&random_below(seed, 3) == 0 ? MODE_SHARED : MODE_EXCLUSIVE;
        all[i].vertex = vertex_of(new.lock[i]);
        all[i].mode = new.mode[i];
    }
    add_demand(new.thread, all, new.held_count, &cycle);
    check_cycle(&cycle);
    assert_int_equal(cycle.verdict == CYCLE_POSSIBLE, model_add(&new));
}

static void random_hand_over(uint64_t *seed)
{
    unsigned from = random_below(seed, RANDOM_THREADS), to = random_below(seed, RANDOM_THREADS);

    hand_over(from, to);
    model.epoch[from] += model.news[from];
    model.news[from] = false;
    if (from != to)
        model.known[to] |= model.known[from] | model.own[from];
}

static void random_removal(uint64_t *seed)
{
    unsigned lock = random_below(seed, RANDOM_LOCKS);

    remove_lock(lock);
    model.readers_queue[lock] = false;
    for (unsigned i = 0; i < model.count; i++)
        for (unsigned k = 0; k <= model.demands[i].held_count; k++)
            model.demands[i].gone |= model.demands[i].lock[k] == lock;
}

static void random_writer(uint64_t *seed)
{
    unsigned lock = random_below(seed, RANDOM_LOCKS);
    struct lock_cycle cycle;
    bool found = false;

    lock_order_readers_queue(&order, vertex_of(lock), &cycle);
    check_cycle(&cycle);
    model.readers_queue[lock] = true;
    for (unsigned i = 0; i < model.count && !found; i++)
        for (unsigned k = 0; k < model.demands[i].held_count && !found; k++) {
            chain[0] = &model.demands[i];
            found = !chain[0]->gone && chain[0]->lock[k] == lock && closes(1);
        }
    assert_int_equal(cycle.verdict == CYCLE_POSSIBLE, found);
}

static void test_random(void **state)
{
    const unsigned rounds = UNDER_TSAN ? 4000 : 20000;
    uint64_t seed = 2009;
    unsigned found = 0;

    (void)state;
    for (unsigned round = 0; round < rounds; round++) {
        unsigned steps = 3 + random_below(&seed, 16);

        memset(&model, 0, sizeof model);
        for (unsigned i = 0; i < steps; i++) {
            uint32_t dice = random_below(&seed, 20);

            if (dice < 15)
                random_demand(&seed, round % 2);
            else if (dice < 18)
                random_hand_over(&seed);
            else if (dice < 19 || round % 2 == 0)
                random_removal(&seed);
            else
                random_writer(&seed);
            assert_true(topo_order_check(&order));
        }
        for (unsigned i = 0; i < model.count; i++)
            if (!model.demands[i].gone) {
                chain[0] = &model.demands[i];
                if (closes(1)) {
                    found++;
                    break;
                }
            }
        end_program();
    }
    assert_in_range(found, rounds / 10, rounds * 9 / 10); /* both answers are common */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_random, begin_program),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
