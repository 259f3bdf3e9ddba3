/* SPDX-License-Identifier: MIT */
/*
 * How is a potential deadlock told?
 *
 * By the turns that would hang the program: first every thread of the cycle takes the lock that
 * it holds, one after the other, then every one asks for the lock that the next one has.
 */
#include "detector/core/lock_order_report.h"

#include "detector/core/finding.h"
#include "detector/core/object.h"

/* The graph whose cycle is told; the detector's lock guards it. */
static const struct lock_order *graph;

static const struct object *lock_of(uint32_t vertex)
{
    return graph->vertices[vertex].lock;
}

static unsigned number_of(uint32_t vertex)
{
    return finding_object((const void *)lock_of(vertex)->address, lock_of(vertex)->kind);
}

static const struct acquisition *held(const struct cycle_link *link)
{
    return &link->instance->all[link->held];
}

static const struct acquisition *wanted(const struct cycle_link *link)
{
    return &link->instance->all[link->shape->held_count];
}

static struct where where(const struct acquisition *acquisition)
{
    return (struct where){acquisition->stack, acquisition->pc};
}

static const char *operation(const struct acquisition *acquisition)
{
    switch (lock_of(acquisition->vertex)->kind) {
    case OBJECT_RWLOCK:
        return acquisition->mode == MODE_SHARED ? "read-lock" : "write-lock";
    case OBJECT_SEMAPHORE:
        return "sem-wait";
    default:
        return "lock";
    }
}

/* The same places in the same roles are the same finding, whichever locks and threads they are. */
static uint64_t identity(const struct lock_cycle *cycle)
{
    uint64_t sum = cycle->verdict;

    for (uint32_t i = 0; i < cycle->length; i++) {
        const struct acquisition *first = held(&cycle->links[i]);
        const struct acquisition *then = wanted(&cycle->links[i]);
        uint64_t one = (uintptr_t)(first->stack ? (const void *)first->stack : first->pc) * 31 ^
                       (uintptr_t)(then->stack ? (const void *)then->stack : then->pc);

        one *= UINT64_C(0x9e3779b97f4a7c15);
        sum += one ^ one >> 29;
    }
    return sum | 1;
}

static void tell_message(const struct lock_cycle *cycle)
{
    unsigned first = number_of(held(&cycle->links[0])->vertex);
    unsigned second = number_of(wanted(&cycle->links[0])->vertex);

    if (cycle->length == 2)
        finding_message("{object:%u} and {object:%u} are taken in both orders; "
                        "it did not hang in this run",
                        first, second);
    else
        finding_message("%u locks are taken in a circle, {object:%u} before {object:%u} and so on; "
                        "it did not hang in this run",
                        cycle->length, first, second);
}

static void tell_reason(const struct lock_cycle *cycle)
{
    switch (cycle->verdict) {
    case CYCLE_SHARED:
        finding_reason("not a deadlock: readers let each other pass");
        break;
    case CYCLE_ONE_THREAD:
        finding_reason("not a deadlock: no two different threads take these orders");
        break;
    case CYCLE_GATED:
        finding_reason("not a deadlock: {object:%u} guards these orders", number_of(cycle->gate));
        break;
    default:
        finding_reason("not a deadlock: create, join or a hand-over keeps these orders apart");
        break;
    }
}

static void tell_places(const struct lock_cycle *cycle)
{
    for (uint32_t i = 0; i < cycle->length; i++) {
        const struct cycle_link *link = &cycle->links[i];
        uint32_t thread = link->instance->thread;

        finding_place(thread, where(held(link)), false, "{thread:%u} took {object:%u} here and kept it",
                      thread, number_of(held(link)->vertex));
        finding_place(thread, where(wanted(link)), i == 0, "{thread:%u} then asked for {object:%u}",
                      thread, number_of(wanted(link)->vertex));
    }
}

static void tell_turns(const struct lock_cycle *cycle)
{
    for (uint32_t i = 0; i < cycle->length; i++) {
        const struct cycle_link *link = &cycle->links[i];

        finding_turn(link->instance->thread, operation(held(link)), number_of(held(link)->vertex),
                     where(held(link)), 0);
    }
    for (uint32_t i = 0; i < cycle->length; i++) {
        const struct cycle_link *link = &cycle->links[i];
        const struct cycle_link *next = &cycle->links[(i + 1) % cycle->length];

        finding_turn(link->instance->thread, operation(wanted(link)),
                     number_of(wanted(link)->vertex), where(wanted(link)), next->instance->thread);
    }
}

bool lock_order_report(const struct lock_order *order, const struct lock_cycle *cycle)
{
    bool possible = cycle->verdict == CYCLE_POSSIBLE;
    struct finding_head head = {.name = "lock-order-cycle",
                                .severity = possible ? SEVERITY_WARNING : SEVERITY_NOTE,
                                .confidence = CONFIDENCE_POSSIBLE,
                                .lesson = cycle->length == 2 ? "deadlocks/abba-lock-order"
                                                             : "deadlocks/lock-cycle-n"};

    graph = order;
    if (cycle->verdict == CYCLE_NONE || (!possible && !report_options.all))
        return false;
    head.identity = identity(cycle);
    if (!finding_begin(&head))
        return false;
    tell_message(cycle);
    if (!possible)
        tell_reason(cycle);
    for (uint32_t i = 0; i < cycle->length; i++)
        finding_thread_at(cycle->links[i].instance->thread, where(wanted(&cycle->links[i])));
    for (uint32_t i = 0; i < cycle->length; i++)
        finding_cycle(cycle->links[i].instance->thread, number_of(held(&cycle->links[i])->vertex),
                      number_of(wanted(&cycle->links[i])->vertex));
    tell_places(cycle);
    if (possible)
        tell_turns(cycle);
    return true;
}
