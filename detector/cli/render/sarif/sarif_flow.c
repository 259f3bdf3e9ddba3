/* SPDX-License-Identifier: MIT */
/*
 * sarif_flow.c - the interleaving as thread flows: what each thread does, and in which order
 *
 * 1. One code flow; in it a thread flow for each thread.
 * 2. executionOrder counts the steps over all thread flows: it is the turns of the scenario.
 * 3. Each step has the state behind it: what its thread holds, and what it waits for.
 */
#include <string.h>

#include "detector/cli/base/utf8.h"
#include "detector/cli/names/wording.h"
#include "detector/cli/render/json_parts.h"
#include "detector/cli/render/sarif/sarif.h"
#include "detector/cli/render/turns.h"

static bool is_acquiring(const struct step *s)
{
    return s->object != 0 && (is_owner_wait(s->operation) || strcmp(s->operation, "trylock") == 0);
}

/* `accounts[0].lock and log.lock` */
static const char *object_names(struct finding *f, const struct int_list *objects)
{
    const char *text = "";

    for (size_t i = 0; i < objects->count; i++)
        text = pool_printf(&f->pool, "%s%s%s", text, i == 0 ? "" : " and ",
                           finding_object_name(f, objects->items[i]));
    return text;
}

/* What the thread holds now, and what it waits for; a state is named by the thread. */
static json_t *state_json(struct finding *f, const struct step *s)
{
    struct int_list held = turn_holds(f, s);
    const char *text = held.count == 0 ? "holds nothing"
                                       : pool_printf(&f->pool, "holds %s", object_names(f, &held));
    const char *wait = turn_wait(f, s);
    json_t *state = json_object();

    if (wait[0] != '\0')
        text = pool_printf(&f->pool, "%s, %s", text, wait);
    else if (turn_blocks(f, s))
        text = pool_printf(&f->pool, "%s, waits: %s", text, turn_action(f, s));
    json_set(state, utf8_repaired(&f->pool, finding_thread_name(f, s->thread)),
             sarif_message(text));
    return state;
}

static const char *step_text(struct finding *f, const struct step *s)
{
    const char *wait = turn_wait(f, s);

    return pool_printf(&f->pool, "%s: %s%s%s", finding_thread_name(f, s->thread), turn_action(f, s),
                       wait[0] == '\0' ? "" : ", ", wait);
}

static json_t *kinds_json(void)
{
    json_t *kinds = json_array();

    json_array_append_new(kinds, json_text("acquire"));
    json_array_append_new(kinds, json_text("lock"));
    return kinds;
}

static json_t *step_json(struct finding *f, const struct step *s, bool verbose)
{
    json_t *location = json_object();

    json_set(location, "location",
             sarif_location(f, &s->stack, stack_own_frame(&s->stack), step_text(f, s), -1));
    json_set(location, "stack", sarif_stack(f, &s->stack, s->thread, NULL, verbose));
    if (is_acquiring(s))
        json_set(location, "kinds", kinds_json());
    json_set(location, "state", state_json(f, s));
    json_set(location, "executionOrder", json_integer(s - f->steps + 1));
    json_set(location, "importance", json_text(turn_blocks(f, s) ? "essential" : "important"));
    return location;
}

static json_t *thread_flow(struct finding *f, int thread, bool verbose)
{
    json_t *flow = json_object(), *locations = json_array();

    for (size_t i = 0; i < f->step_count; i++)
        if (f->steps[i].thread == thread)
            json_array_append_new(locations, step_json(f, &f->steps[i], verbose));
    json_set(flow, "id", json_text(pool_printf(&f->pool, "t%d", thread)));
    json_set(flow, "message", sarif_message(finding_thread_name(f, thread)));
    json_set(flow, "locations", locations);
    return flow;
}

json_t *sarif_flows(struct finding *f, bool verbose)
{
    struct int_list threads;
    json_t *array, *code_flow, *flows;

    if (f->step_count == 0)
        return NULL;
    turns_sort(f);
    threads = turns_threads(f);
    flows = json_array();
    for (size_t i = 0; i < threads.count; i++)
        json_array_append_new(flows, thread_flow(f, threads.items[i], verbose));
    code_flow = json_object();
    json_set(code_flow, "message", sarif_message(turns_heading(f)));
    json_set(code_flow, "threadFlows", flows);
    array = json_array();
    json_array_append_new(array, code_flow);
    return array;
}
