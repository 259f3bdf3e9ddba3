/* SPDX-License-Identifier: MIT */
/*
 * cancelling ROUNDS - does cancelling reach every context below, while more of them are made?
 *
 * In each round some builders make contexts of all kinds below a root, each below random ones of
 * its own, cancel some, and hang functions on some. Meanwhile the root is cancelled, by one, by two
 * at once, or by its deadline.
 *
 * 1. When context_cancel() returns, every context that was there before is done, and every one that
 *    is made later is done at once.
 * 2. A done context has its error, a closed channel and a cause; a parent's is its children's.
 * 3. Each function ran once, or was stopped.
 * 4. What is below context_without_cancel() is left alone.
 */
#include "load.h"

#include <stdio.h>
#include <string.h>

enum { BUILDERS = 4, MOST = 60, KEY_COUNT = 3 };

enum how { BY_ONE, BY_TWO, BY_DEADLINE, HOWS };

struct node {
    struct context *context;
    struct context_stop *stop; /* or NULL */
    bool over;                 /* was cancelled before: its function was started at once */
    bool cut_off;              /* the root does not reach it */
};

struct builder {
    uint64_t die;
    struct node nodes[MOST];
    int count;           /* atomic: those that are there */
    struct context *cut; /* what is below context_without_cancel() hangs on this */
};

static struct builder builders[BUILDERS];
static struct context *root;
static struct waitgroup building = WAITGROUP_INIT, running = WAITGROUP_INIT;
static int cancelled;       /* atomic: context_cancel(root) has returned */
static long ran, prevented; /* atomic */
static long hung;           /* atomic: functions that were hung on contexts */
static const char keys[KEY_COUNT];

static void require_done(const struct node *node)
{
    bool ok = true;

    require(context_err(node->context) != CONTEXT_OK, "a context below a cancelled one is alive");
    require(chan_try_recv(context_done(node->context), NULL, &ok) && !ok,
            "a done context's channel is not closed");
    require(context_cause(node->context), "a done context has no cause");
}

/* --- building --- */

static void function(void *argument)
{
    struct builder *builder = argument;

    require(builder >= builders && builder < builders + BUILDERS,
            "a function got another argument");
    __atomic_fetch_add(&ran, 1, __ATOMIC_RELAXED);
    waitgroup_done(&running);
}

static struct context *make(struct builder *b, struct context *parent)
{
    switch (roll(&b->die, 6)) {
    case 0:
        return context_with_value(parent, &keys[roll(&b->die, KEY_COUNT)], b);
    case 1:
        return context_with_timeout(parent, roll(&b->die, 3000) * MICROSECOND);
    case 2:
        return context_with_timeout(parent, 3600 * SECOND);
    case 3:
        return context_with_cancel_cause(parent);
    default:
        return context_with_cancel(parent);
    }
}

static void add_node(struct builder *b)
{
    int i = b->count;
    uint32_t choice = roll(&b->die, (uint32_t)i + 2);
    struct node *node = &b->nodes[i];
    const struct node *above = choice < (uint32_t)i ? &b->nodes[choice] : NULL;
    bool too_late = __atomic_load_n(&cancelled, __ATOMIC_ACQUIRE);

    if (above)
        *node = (struct node){.context = make(b, above->context), .cut_off = above->cut_off};
    else if (choice == (uint32_t)i)
        *node = (struct node){.context = make(b, root)};
    else
        *node = (struct node){.context = make(b, b->cut), .cut_off = true};
    if (too_late && !node->cut_off)
        require_done(node);
    node->over = context_err(node->context) != CONTEXT_OK;
    if (roll(&b->die, 3) == 0) {
        waitgroup_add(&running, 1);
        __atomic_fetch_add(&hung, 1, __ATOMIC_RELAXED);
        node->stop = context_after_func(node->context, function, b);
    }
    __atomic_store_n(&b->count, i + 1, __ATOMIC_RELEASE);
}

static void stop_function(struct node *node)
{
    if (node->stop && context_stop(node->stop)) {
        require(!node->over, "a function that was started is said not to run");
        __atomic_fetch_add(&prevented, 1, __ATOMIC_RELAXED);
        waitgroup_done(&running);
    }
    node->stop = NULL;
}

static void build(void *argument)
{
    struct builder *b = argument;

    while (b->count < MOST) {
        struct node *node;

        add_node(b);
        node = &b->nodes[roll(&b->die, (uint32_t)b->count)];
        switch (roll(&b->die, 8)) {
        case 0:
            context_cancel_cause(node->context, "because");
            break;
        case 1:
            stop_function(node);
            break;
        case 2:
            context_cancel(node->context);
            break;
        }
        for (volatile uint32_t i = roll(&b->die, 3000); i > 0; i--)
            ;
    }
}

/* --- cancelling --- */

static void cancel_root(void *unused)
{
    int before[BUILDERS];

    (void)unused;
    for (int i = 0; i < BUILDERS; i++)
        before[i] = __atomic_load_n(&builders[i].count, __ATOMIC_ACQUIRE);
    context_cancel_cause(root, "root");
    __atomic_store_n(&cancelled, 1, __ATOMIC_RELEASE);
    for (int i = 0; i < BUILDERS; i++)
        for (int k = 0; k < before[i]; k++)
            if (!builders[i].nodes[k].cut_off)
                require_done(&builders[i].nodes[k]);
}

static void cancel_somehow(enum how how)
{
    if (how == BY_DEADLINE) {
        chan_recv(context_done(root), NULL);
        require(context_err(root) == CONTEXT_DEADLINE_EXCEEDED, "the deadline is not the reason");
        context_cancel(root); /* waits until the clock is through with it */
        __atomic_store_n(&cancelled, 1, __ATOMIC_RELEASE);
        return;
    }
    if (how == BY_TWO)
        waitgroup_go(&building, cancel_root, NULL);
    cancel_root(NULL);
}

/* --- a round --- */

static void begin(uint64_t *die, enum how how)
{
    root = how == BY_DEADLINE
               ? context_with_timeout(context_background(), roll(die, 1500) * MICROSECOND)
               : context_with_cancel(context_background());
    cancelled = 0;
    for (int i = 0; i < BUILDERS; i++) {
        builders[i].die = *die + (unsigned)i;
        builders[i].count = 0;
        builders[i].cut = context_without_cancel(root);
        waitgroup_go(&building, build, &builders[i]);
    }
}

static void require_all_done(void)
{
    for (int i = 0; i < BUILDERS; i++) {
        require(context_err(builders[i].cut) == CONTEXT_OK, "without_cancel was cancelled");
        for (int k = 0; k < MOST; k++)
            if (!builders[i].nodes[k].cut_off)
                require_done(&builders[i].nodes[k]);
    }
}

/* In random order: parents before children too. What is cut off may be alive. */
static void free_all(uint64_t *die)
{
    context_free(root);
    for (int i = 0; i < BUILDERS; i++) {
        struct builder *b = &builders[i];

        for (int left = MOST; left > 0; left--) {
            struct node *node = &b->nodes[roll(die, (uint32_t)left)];

            context_cancel(node->context);
            node->over = context_err(node->context) != CONTEXT_OK;
            stop_function(node);
            context_free(node->context);
            *node = b->nodes[left - 1];
        }
        context_free(b->cut);
    }
}

int main(int argc, char **argv)
{
    long rounds = number(argv, 1);
    uint64_t die = 7;

    (void)argc;
    for (long r = 0; r < rounds; r++) {
        enum how how = (enum how)(r % HOWS);

        begin(&die, how);
        for (volatile uint32_t i = roll(&die, 60000); i > 0; i--)
            ;
        cancel_somehow(how);
        waitgroup_wait(&building);
        require_all_done();
        free_all(&die);
        waitgroup_wait(&running);
    }
    require(ran + prevented == hung, "%ld functions: %ld ran, %ld were stopped", hung, ran,
            prevented);
    printf("%ld trees of %d contexts, %ld functions, %ld of them stopped\n", rounds,
           BUILDERS * MOST, hung, prevented);
    return 0;
}
