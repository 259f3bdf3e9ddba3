/* SPDX-License-Identifier: MIT */
/*
 * sarif_result.c - one finding as a SARIF result
 *
 * 1. The message is the finding's sentence, then what would prevent it.
 * 2. One location, the place to look at first; the others are related locations, each with its words.
 * 3. How the turns fell, who waits for whom, how they came there: code flow, graph, stacks.
 */
#include <string.h>

#include "detector/cli/names/wording.h"
#include "detector/cli/render/json_parts.h"
#include "detector/cli/render/mark.h"
#include "detector/cli/render/sarif/sarif.h"

static const char *level_of(const struct finding *f)
{
    return finding_is(f, "error") ? "error" : finding_is(f, "warning") ? "warning" : "note";
}

/* 0 to 100: what happened comes before what can happen, the sure before the likely. */
static int rank_of(const struct finding *f)
{
    int rank = finding_is(f, "error") ? 90 : finding_is(f, "warning") ? 60 : 10;

    return rank + (strcmp(f->confidence, "certain") == 0  ? 10
                   : strcmp(f->confidence, "likely") == 0 ? 5
                                                          : 0);
}

/* `text.`, unless it ends a sentence already. */
static const char *ended(struct pool *pool, const char *text)
{
    size_t length = strlen(text);

    return length > 0 && strchr(".!?", text[length - 1]) != NULL ? text
                                                                 : pool_printf(pool, "%s.", text);
}

static const char *message_text(struct finding *f)
{
    const char *text = ended(&f->pool, f->message), *process = word_process(f);

    if (process != NULL)
        text = pool_printf(&f->pool, "%s Process: %s.", text, process);
    if (f->reason != NULL)
        text = pool_printf(&f->pool, "%s Reason: %s", text, ended(&f->pool, f->reason));
    if (f->help != NULL && !finding_is(f, "note"))
        text = pool_printf(&f->pool, "%s Help: %s", text, ended(&f->pool, f->help));
    return text;
}

static void set_locations(json_t *result, struct finding *f)
{
    const struct frame *primary = finding_primary(f);
    struct mark_list list = marks_of(f);
    json_t *locations = json_array(), *related = json_array();
    const char *label = NULL;
    int id = 0;

    for (size_t i = 0; i < list.count; i++) {
        const struct mark *m = &list.marks[i];

        if (m->frame == primary && label == NULL)
            label = m->label;
        else
            json_array_append_new(related, sarif_location(f, m->stack, m->frame, m->label, ++id));
    }
    json_array_append_new(locations,
                          sarif_location(f, finding_stack_with(f, primary), primary, label, 0));
    json_set(result, "locations", locations);
    if (id > 0)
        json_set(result, "relatedLocations", json_incref(related));
    json_decref(related);
}

static json_t *fingerprints(const struct finding *f)
{
    json_t *object = json_object();

    json_set(object, "gridlock/v1", json_text(f->fingerprint));
    if (f->loose_fingerprint != NULL)
        json_set(object, "gridlock/loose/v1", json_text(f->loose_fingerprint));
    return object;
}

/* What the baseline knows is unchanged (3.27.24); without a baseline nothing is said. */
static json_t *baseline_state(const struct finding *f)
{
    if (f->baseline == NULL)
        return NULL;
    return json_text(strcmp(f->baseline, "known") == 0 ? "unchanged" : "new");
}

static json_t *properties(const struct finding *f)
{
    json_t *object = json_object();

    json_set(object, "confidence", json_text(f->confidence));
    json_set(object, "process", json_text(f->process));
    json_set(object, "pid", json_integer(f->pid));
    if (f->command != NULL)
        json_set(object, "command", json_text(f->command));
    if (f->parent != NULL)
        json_set(object, "parent", json_text(f->parent));
    if (f->after_ms > 0)
        json_set(object, "after_ms", json_integer(f->after_ms));
    if (f->heading != NULL)
        json_set(object, "heading", json_text(f->heading));
    if (f->lesson != NULL)
        json_set(object, "lesson", json_text(f->lesson));
    return object;
}

json_t *sarif_result(struct finding *f, size_t rule, bool verbose)
{
    json_t *result = json_object();

    json_set(result, "ruleId", json_text(f->name));
    json_set(result, "ruleIndex", json_integer((json_int_t)rule));
    json_set(result, "level", json_text(level_of(f)));
    json_set(result, "message", sarif_message(message_text(f)));
    set_locations(result, f);
    json_set(result, "codeFlows", sarif_flows(f, verbose));
    json_set(result, "stacks", sarif_stacks(f, verbose));
    json_set(result, "graphs", sarif_graphs(f));
    json_set(result, "partialFingerprints", fingerprints(f));
    json_set(result, "baselineState", baseline_state(f));
    json_set(result, "rank", json_integer(rank_of(f)));
    json_set(result, "properties", properties(f));
    return result;
}
