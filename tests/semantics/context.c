/* SPDX-License-Identifier: MIT */
/*
 * Points 63 to 68 and 74: what cancelling does, and to whom.
 */
#include "semantics.h"

#include <malloc.h>

static struct context *background(void)
{
    return context_background();
}

static bool is_done(struct context *ctx)
{
    bool ok = true, done = chan_try_recv(context_done(ctx), NULL, &ok);

    CHECK(!done || !ok); /* closed, not sent on */
    return done;
}

static void check_alive(struct context *ctx)
{
    CHECK(!is_done(ctx));
    CHECK_INT(context_err(ctx), CONTEXT_OK);
    CHECK(!context_cause(ctx));
}

static void check_done(struct context *ctx, enum context_error err)
{
    CHECK(is_done(ctx));
    CHECK_INT(context_err(ctx), err);
    CHECK(context_cause(ctx));
}

static void end(struct context *ctx)
{
    context_cancel(ctx);
    context_free(ctx);
}

/* --- 63 --- */

static void the_roots(void)
{
    struct context *roots[] = {context_background(), context_todo()};
    int64_t when = 7;

    for (int i = 0; i < 2; i++) {
        CHECK(!context_done(roots[i]).chan);
        check_alive(roots[i]);
        CHECK(!context_deadline(roots[i], &when) && when == 7);
        CHECK(!context_value(roots[i], &when));
        context_cancel(roots[i]);
        context_free(roots[i]);
        check_alive(roots[i]);
    }
    CHECK(roots[0] != roots[1] && roots[0] == context_background());
}

/* --- 64 --- */

enum { LAYERS = 6 };

/* One below the other, each made in another way. */
static void make_layers(struct context *parent, struct context **layers)
{
    static int key;

    layers[0] = context_with_cancel(parent);
    layers[1] = context_with_value(layers[0], &key, &key);
    layers[2] = context_with_timeout(layers[1], 3600 * SECOND);
    layers[3] = context_with_cancel_cause(layers[2]);
    layers[4] = context_with_value(layers[3], &key, NULL);
    layers[5] = context_with_cancel(layers[4]);
}

static void free_layers(struct context **layers)
{
    for (int i = 0; i < LAYERS; i++)
        context_free(layers[i]);
}

static void all_below_are_done_at_once(void)
{
    struct context *root = context_with_cancel(background()), *layers[3][LAYERS];

    for (int i = 0; i < 3; i++)
        make_layers(i ? layers[0][i] : root, layers[i]);
    for (int i = 0; i < 3 * LAYERS; i++)
        check_alive(layers[i / LAYERS][i % LAYERS]);
    context_cancel(root);
    for (int i = 0; i < 3 * LAYERS; i++)
        check_done(layers[i / LAYERS][i % LAYERS], CONTEXT_CANCELED);
    for (int i = 0; i < 3; i++)
        free_layers(layers[i]);
    context_free(root);
}

static void a_long_chain(void)
{
    enum { LENGTH = 2000 };
    static struct context *chain[LENGTH];

    for (int i = 0; i < LENGTH; i++)
        chain[i] = context_with_cancel(i ? chain[i - 1] : background());
    context_cancel(chain[1]);
    check_alive(chain[0]);
    for (int i = 1; i < LENGTH; i++)
        check_done(chain[i], CONTEXT_CANCELED);
    context_cancel(chain[0]);
    for (int i = 0; i < LENGTH; i++) /* parents first: children keep what they need of them */
        context_free(chain[i]);
}

static void wait_until_done(void *ctx)
{
    CHECK(!chan_recv(context_done(ctx), NULL));
    CHECK_INT(context_err(ctx), CONTEXT_CANCELED);
}

static void those_who_wait_are_woken(void)
{
    struct context *root = context_with_cancel(background()), *layers[LAYERS];
    struct task tasks[LAYERS];

    make_layers(root, layers);
    for (int i = 0; i < LAYERS; i++)
        task_start_asleep(&tasks[i], wait_until_done, layers[i]);
    context_cancel(root);
    for (int i = 0; i < LAYERS; i++)
        task_join(&tasks[i]);
    free_layers(layers);
    context_free(root);
}

/* --- 65 --- */

static void cancelled_twice(void)
{
    struct context *parent = context_with_cancel(background());
    struct context *child = context_with_cancel_cause(parent);

    context_cancel_cause(child, "first");
    context_cancel_cause(child, "second");
    context_cancel(child);
    check_done(child, CONTEXT_CANCELED);
    CHECK(strcmp(context_cause(child), "first") == 0);
    context_cancel(parent);
    context_cancel(parent);
    context_cancel(child);
    CHECK(strcmp(context_cause(child), "first") == 0);
    context_free(child);
    context_free(parent);
}

struct cancelling {
    struct context **contexts;
    int first, step;
    struct task task;
};

enum { TREE = 40 };

static void cancel_all(void *arg)
{
    struct cancelling *self = arg;

    for (int i = 0, at = self->first; i < TREE; i++, at = (at + self->step) % TREE) {
        context_cancel(self->contexts[at]);
        CHECK(is_done(self->contexts[at]));
    }
}

/* Four at the same time: from the root, from the leaves, and across. */
static void cancelled_by_many(void)
{
    static const int first[] = {0, TREE - 1, 0, 7}, step[] = {1, TREE - 1, 7, 9};
    struct context *tree[TREE];
    struct cancelling all[4];

    for (int round = 0; round < rounds(50); round++) {
        for (int i = 0; i < TREE; i++)
            tree[i] = context_with_cancel(i ? tree[(i - 1) / 2] : background());
        for (int i = 0; i < 4; i++) {
            all[i] = (struct cancelling){.contexts = tree, .first = first[i], .step = step[i]};
            task_start(&all[i].task, cancel_all, &all[i]);
        }
        for (int i = 0; i < 4; i++)
            task_join(&all[i].task);
        for (int i = 0; i < TREE; i++) {
            check_done(tree[i], CONTEXT_CANCELED);
            context_free(tree[i]);
        }
    }
}

/* --- 66 --- */

static void a_child_is_nobody_elses_end(void)
{
    struct context *parent = context_with_cancel(background());
    struct context *child = context_with_cancel(parent), *sibling = context_with_cancel(parent);

    context_cancel(child);
    check_done(child, CONTEXT_CANCELED);
    check_alive(parent);
    check_alive(sibling);
    context_free(child);
    context_cancel(parent);
    check_done(sibling, CONTEXT_CANCELED);
    context_free(sibling);
    context_free(parent);
}

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
size_t __sanitizer_get_current_allocated_bytes(void);
#define HEAP() __sanitizer_get_current_allocated_bytes()
#endif
#endif
#ifndef HEAP
#define HEAP() (mallinfo2().uordblks)
#endif

static void come_and_go(struct context *parent, int count)
{
    for (int i = 0; i < count; i++) {
        struct context *child = context_with_cancel(parent);
        struct context *grandchild = context_with_timeout(child, 3600 * SECOND);

        context_cancel(i % 2 ? child : grandchild);
        end(grandchild);
        end(child);
    }
}

/* Freed channels are remembered for a while, a limited number of them: hence the warming up. */
static void children_leave_no_memory(void)
{
    struct context *parent = context_with_cancel(background());
    size_t heap;

    come_and_go(parent, 1000);
    heap = HEAP();
    come_and_go(parent, rounds(50000));
    CHECK(HEAP() < heap + 110 * 1000);
    end(parent);
}

/* --- 67 --- */

static void below_a_parent_that_is_done(void)
{
    struct context *parent = context_with_cancel_cause(background()), *late[3];
    struct context *expired = context_with_timeout(background(), 0);

    context_cancel_cause(parent, "too late");
    late[0] = context_with_cancel(parent);
    late[1] = context_with_timeout(late[0], 3600 * SECOND);
    late[2] = context_with_cancel(expired);
    for (int i = 0; i < 2; i++) {
        check_done(late[i], CONTEXT_CANCELED);
        CHECK(strcmp(context_cause(late[i]), "too late") == 0);
    }
    check_done(late[2], CONTEXT_DEADLINE_EXCEEDED);
    for (int i = 0; i < 3; i++)
        end(late[i]);
    end(parent);
    end(expired);
}

/* --- 68 --- */

static void errors_stay_as_they_are(void)
{
    struct context *cancelled = context_with_timeout(background(), 20 * MILLISECOND);
    struct context *expired = context_with_timeout(background(), MILLISECOND);

    CHECK(strcmp(context_error_text(CONTEXT_CANCELED), "context canceled") == 0);
    CHECK(strcmp(context_error_text(CONTEXT_DEADLINE_EXCEEDED), "context deadline exceeded") == 0);
    CHECK(!context_error_text(CONTEXT_OK));
    context_cancel(cancelled);
    CHECK(!chan_recv(context_done(expired), NULL));
    time_sleep(30 * MILLISECOND);
    context_cancel(expired);
    check_done(cancelled, CONTEXT_CANCELED);
    check_done(expired, CONTEXT_DEADLINE_EXCEEDED);
    CHECK(strcmp(context_cause(expired), "context deadline exceeded") == 0);
    context_free(cancelled);
    context_free(expired);
}

static const struct test tests[] = {
    {"63", "the roots are never done", the_roots, RETURNS, NULL},
    {"64", "all below are done when cancel returns", all_below_are_done_at_once, RETURNS, NULL},
    {"64", "2,000 one below the other", a_long_chain, RETURNS, NULL},
    {"64", "those who wait are woken", those_who_wait_are_woken, RETURNS, NULL},
    {"65", "the second time does nothing", cancelled_twice, RETURNS, NULL},
    {"65", "four cancel a tree at the same time", cancelled_by_many, RETURNS, NULL},
    {"66", "a child's end is nobody else's", a_child_is_nobody_elses_end, RETURNS, NULL},
    {"66", "children leave no memory behind", children_leave_no_memory, RETURNS, NULL},
    {"67", "a child of a parent that is done", below_a_parent_that_is_done, RETURNS, NULL},
    {"68", "an error's text; it never changes", errors_stay_as_they_are, RETURNS, NULL},
};

const struct section contexts = SECTION(tests);
