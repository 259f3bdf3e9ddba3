/* SPDX-License-Identifier: MIT */
/*
 * json_finding.c - a finding as JSON, schema gridlock-finding/1
 *
 * docs/findings-format.md describes every key, docs/gridlock-finding-1.schema.json their types. What is
 * unknown is null, never an address.
 */
#include <inttypes.h>
#include <string.h>

#include "detector/cli/render/json_parts.h"

static json_t *frame_json(const struct frame *f)
{
    json_t *object = json_object();
    char offset[32];

    snprintf(offset, sizeof(offset), "0x%" PRIx64, f->offset);
    json_object_set_new(object, "function", json_text(f->function));
    json_object_set_new(object, "file", json_text(f->file));
    json_object_set_new(object, "line", json_integer(f->line));
    json_object_set_new(object, "column", json_integer(f->column));
    json_object_set_new(object, "module", json_text(f->module));
    json_object_set_new(object, "offset", json_text(offset));
    json_object_set_new(object, "hidden", json_boolean(f->hidden));
    return object;
}

json_t *json_stack(const struct stack *s)
{
    json_t *array = json_array();

    for (size_t i = 0; i < s->count; i++)
        json_array_append_new(array, frame_json(&s->frames[i]));
    return array;
}

/* Only where there is such a channel: elsewhere the keys would say nothing. */
static void set_nil(json_t *object, const char *name)
{
    json_object_set_new(object, "nil", json_true());
    json_object_set_new(object, "nil_name", json_text(name));
}

static json_t *cases_json(const struct wait *w)
{
    json_t *array = json_array();

    for (size_t i = 0; i < w->case_count; i++) {
        json_t *object = json_object();

        json_object_set_new(object, "operation", json_text(w->cases[i].operation));
        if (w->cases[i].object != 0)
            json_object_set_new(object, "object", json_integer(w->cases[i].object));
        else
            set_nil(object, w->cases[i].nil_name);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *wait_json(const struct wait *w)
{
    json_t *object, *threads = json_array();

    if (w == NULL) {
        json_decref(threads);
        return json_null();
    }
    for (size_t i = 0; i < w->for_count; i++)
        json_array_append_new(threads, json_integer(w->for_threads[i]));
    object = json_object();
    json_object_set_new(object, "operation", json_text(w->operation));
    json_object_set_new(object, "object", json_integer(w->object));
    if (w->nil)
        set_nil(object, w->nil_name);
    if (strcmp(w->operation, "select") == 0)
        json_object_set_new(object, "cases", cases_json(w));
    if (w->detail != NULL)
        json_object_set_new(object, "detail", json_text(w->detail));
    json_object_set_new(object, "timed", json_boolean(w->timed));
    json_object_set_new(object, "since_ms", json_integer(w->since_ms));
    json_object_set_new(object, "for", threads);
    json_object_set_new(object, "stack", json_stack(&w->stack));
    return object;
}

static json_t *holds_json(const struct thread *t)
{
    json_t *array = json_array();

    for (size_t i = 0; i < t->hold_count; i++) {
        json_t *object = json_object();

        json_object_set_new(object, "object", json_integer(t->holds[i].object));
        json_object_set_new(object, "mode", json_text(t->holds[i].mode));
        json_object_set_new(object, "stack", json_stack(&t->holds[i].stack));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *threads_json(const struct finding *f)
{
    json_t *array = json_array();

    for (size_t i = 0; i < f->thread_count; i++) {
        const struct thread *t = &f->threads[i];
        json_t *object = json_object();

        json_object_set_new(object, "id", json_integer(t->id));
        if (t->tid != 0)
            json_object_set_new(object, "tid", json_integer(t->tid));
        json_object_set_new(object, "name", json_text(t->name));
        json_object_set_new(object, "state", json_text(t->state));
        json_object_set_new(object, "part", json_boolean(t->part));
        json_object_set_new(object, "goroutine", json_boolean(t->goroutine));
        json_object_set_new(object, "created_by", json_integer(t->created_by));
        json_object_set_new(object, "created_at", json_stack(&t->created_at));
        json_object_set_new(object, "stack", json_stack(&t->stack));
        json_object_set_new(object, "holds", holds_json(t));
        json_object_set_new(object, "waits", wait_json(t->waits));
        json_array_append_new(array, object);
    }
    return array;
}

static void set_count(json_t *object, const char *key, int64_t count)
{
    if (count >= 0)
        json_object_set_new(object, key, json_integer(count));
}

/* What only a channel or a WaitGroup has. */
static void set_state(json_t *object, const struct object *o)
{
    set_count(object, "capacity", o->capacity);
    if (o->capacity >= 0)
        json_object_set_new(object, "closed", json_boolean(o->closed));
    set_count(object, "sent", o->sent);
    set_count(object, "received", o->received);
    set_count(object, "count", o->tasks);
}

static json_t *objects_json(const struct finding *f)
{
    json_t *array = json_array();

    for (size_t i = 0; i < f->object_count; i++) {
        const struct object *o = &f->objects[i];
        json_t *object = json_object();

        json_object_set_new(object, "id", json_integer(o->id));
        json_object_set_new(object, "kind", json_text(o->kind));
        json_object_set_new(object, "name", json_text(o->name));
        json_object_set_new(object, "memory", json_text(o->memory));
        json_object_set_new(object, "stack_of", json_integer(o->stack_of));
        json_object_set_new(object, "seen_at", json_stack(&o->seen_at));
        set_state(object, o);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *cycle_json(const struct finding *f)
{
    json_t *array = json_array();

    for (size_t i = 0; i < f->cycle_count; i++) {
        json_t *object = json_object();

        json_object_set_new(object, "thread", json_integer(f->cycle[i].thread));
        json_object_set_new(object, "holds", json_integer(f->cycle[i].holds));
        json_object_set_new(object, "wants", json_integer(f->cycle[i].wants));
        json_array_append_new(array, object);
    }
    return array;
}

static void set_place(json_t *object, const struct stack *s)
{
    const struct frame *own = stack_own_frame(s);

    json_object_set_new(object, "function", json_text(own == NULL ? NULL : own->function));
    json_object_set_new(object, "file", json_text(own == NULL ? NULL : own->file));
    json_object_set_new(object, "line", json_integer(own == NULL ? 0 : own->line));
    json_object_set_new(object, "stack", json_stack(s));
}

static json_t *steps_json(const struct finding *f)
{
    json_t *array = json_array();

    for (size_t i = 0; i < f->step_count; i++) {
        const struct step *s = &f->steps[i];
        json_t *object = json_object();

        json_object_set_new(object, "turn", json_integer(s->turn));
        json_object_set_new(object, "thread", json_integer(s->thread));
        json_object_set_new(object, "operation", json_text(s->operation));
        json_object_set_new(object, "object", json_integer(s->object));
        json_object_set_new(object, "waits_for", json_integer(s->waits_for));
        set_place(object, &s->stack);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *places_json(const struct finding *f)
{
    json_t *array = json_array();

    for (size_t i = 0; i < f->place_count; i++) {
        const struct place *p = &f->places[i];
        json_t *object = json_object();

        json_object_set_new(object, "thread", json_integer(p->thread));
        json_object_set_new(object, "text", json_text(p->text));
        json_object_set_new(object, "primary", json_boolean(p->primary));
        set_place(object, &p->stack);
        json_array_append_new(array, object);
    }
    return array;
}

static void set_process(json_t *root, const struct finding *f)
{
    json_object_set_new(root, "process", json_text(f->process));
    json_object_set_new(root, "pid", json_integer(f->pid));
    json_object_set_new(root, "command", json_text(f->command));
    json_object_set_new(root, "one_of_several", json_boolean(f->one_of_several));
    json_object_set_new(root, "parent_pid", json_integer(f->parent_pid));
    json_object_set_new(root, "parent", json_text(f->parent));
    json_object_set_new(root, "forked", json_boolean(f->forked));
}

json_t *json_finding(const struct finding *f)
{
    const struct frame *primary = finding_primary(f);
    json_t *root = json_object();

    json_object_set_new(root, "schema", json_text("gridlock-finding/1"));
    json_object_set_new(root, "name", json_text(f->name));
    json_object_set_new(root, "severity", json_text(f->severity));
    json_object_set_new(root, "confidence", json_text(f->confidence));
    json_object_set_new(root, "message", json_text(f->message));
    json_object_set_new(root, "fingerprint", json_text(f->fingerprint));
    json_object_set_new(root, "loose_fingerprint", json_text(f->loose_fingerprint));
    if (f->baseline != NULL)
        json_object_set_new(root, "baseline", json_text(f->baseline));
    set_process(root, f);
    json_object_set_new(root, "after_ms", json_integer(f->after_ms));
    json_object_set_new(root, "file", json_text(primary == NULL ? NULL : primary->file));
    json_object_set_new(root, "line", json_integer(primary == NULL ? 0 : primary->line));
    json_object_set_new(root, "heading", json_text(f->heading));
    json_object_set_new(root, "threads", threads_json(f));
    json_object_set_new(root, "objects", objects_json(f));
    json_object_set_new(root, "cycle", cycle_json(f));
    json_object_set_new(root, "interleaving", steps_json(f));
    json_object_set_new(root, "places", places_json(f));
    json_object_set_new(root, "reason", json_text(f->reason));
    json_object_set_new(root, "help", json_text(f->help));
    json_object_set_new(root, "lesson", json_text(f->lesson));
    return root;
}
