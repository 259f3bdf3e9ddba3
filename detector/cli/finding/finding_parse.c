/* SPDX-License-Identifier: MIT */
/*
 * finding_parse.c - how does a line of JSON become a struct finding?
 *
 * Both schemas are read by the same code: a stack is a list of addresses (raw) or of frames
 * (finished), and everything else has the same keys. Missing or mistyped keys take a neutral value:
 * the writer may have been killed in the middle, and half a finding is better than none. Only a line
 * that is no JSON object, has no known schema or no name is refused.
 */
#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "detector/cli/finding/finding.h"

static const char *text_of(struct finding *f, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text == NULL || text[0] == '\0' ? NULL : pool_copy(&f->pool, text);
}

static const char *text_or(struct finding *f, const json_t *object, const char *key,
                           const char *otherwise)
{
    const char *text = text_of(f, object, key);

    return text == NULL ? otherwise : text;
}

static int64_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

/* A number that fits an int; what does not is 0, as "unknown" is everywhere. */
static int small_of(const json_t *object, const char *key)
{
    int64_t number = number_of(object, key);

    return number < 0 || number > INT_MAX ? 0 : (int)number;
}

/* A count; -1 where there is none. */
static int64_t count_of(const json_t *object, const char *key)
{
    int64_t number = number_of(object, key);

    return json_is_integer(json_object_get(object, key)) && number >= 0 ? number : -1;
}

static uint64_t address_of(const json_t *value)
{
    const char *text = json_string_value(value);

    return text == NULL ? 0 : strtoull(text, NULL, 16);
}

static void read_frame(struct finding *f, struct frame *frame, const json_t *value)
{
    if (json_is_string(value)) {
        frame->address = address_of(value);
        return;
    }
    frame->function = text_of(f, value, "function");
    frame->file = text_of(f, value, "file");
    frame->module = text_of(f, value, "module");
    frame->line = small_of(value, "line");
    frame->column = small_of(value, "column");
    frame->offset = address_of(json_object_get(value, "offset"));
    frame->hidden = json_is_true(json_object_get(value, "hidden"));
}

static struct stack read_stack(struct finding *f, const json_t *array)
{
    struct stack s = {.count = json_array_size(array)};

    s.frames = pool_array(&f->pool, s.count, sizeof(*s.frames));
    for (size_t i = 0; i < s.count; i++)
        read_frame(f, &s.frames[i], json_array_get(array, i));
    return s;
}

static struct stack stack_of(struct finding *f, const json_t *object, const char *key)
{
    return read_stack(f, json_object_get(object, key));
}

static void read_cases(struct finding *f, struct wait *w, const json_t *array)
{
    w->case_count = json_array_size(array);
    w->cases = pool_array(&f->pool, w->case_count, sizeof(*w->cases));
    for (size_t i = 0; i < w->case_count; i++) {
        const json_t *object = json_array_get(array, i);

        w->cases[i].operation = text_or(f, object, "operation", "receive");
        w->cases[i].object = small_of(object, "object");
        w->cases[i].nil_name = text_of(f, object, "nil_name");
    }
}

static struct wait *read_wait(struct finding *f, const json_t *object)
{
    const json_t *threads = json_object_get(object, "for");
    struct wait *w;

    if (!json_is_object(object))
        return NULL;
    w = pool_array(&f->pool, 1, sizeof(*w));
    w->operation = text_or(f, object, "operation", "wait");
    w->object = small_of(object, "object");
    w->nil = json_is_true(json_object_get(object, "nil"));
    w->nil_name = text_of(f, object, "nil_name");
    read_cases(f, w, json_object_get(object, "cases"));
    w->detail = text_of(f, object, "detail");
    w->timed = json_is_true(json_object_get(object, "timed"));
    w->since_ms = number_of(object, "since_ms");
    w->stack = stack_of(f, object, "stack");
    w->for_count = json_array_size(threads);
    w->for_threads = pool_array(&f->pool, w->for_count, sizeof(*w->for_threads));
    for (size_t i = 0; i < w->for_count; i++)
        w->for_threads[i] = (int)json_integer_value(json_array_get(threads, i));
    return w;
}

static void read_holds(struct finding *f, struct thread *t, const json_t *array)
{
    t->hold_count = json_array_size(array);
    t->holds = pool_array(&f->pool, t->hold_count, sizeof(*t->holds));
    for (size_t i = 0; i < t->hold_count; i++) {
        const json_t *object = json_array_get(array, i);

        t->holds[i].object = small_of(object, "object");
        t->holds[i].mode = text_or(f, object, "mode", "exclusive");
        t->holds[i].stack = stack_of(f, object, "stack");
    }
}

static void read_threads(struct finding *f, const json_t *array)
{
    f->thread_count = json_array_size(array);
    f->threads = pool_array(&f->pool, f->thread_count, sizeof(*f->threads));
    for (size_t i = 0; i < f->thread_count; i++) {
        const json_t *object = json_array_get(array, i);
        struct thread *t = &f->threads[i];

        t->id = small_of(object, "id");
        t->tid = small_of(object, "tid");
        t->name = text_of(f, object, "name");
        t->state = text_or(f, object, "state", "running");
        t->part = json_is_true(json_object_get(object, "part"));
        t->goroutine = json_is_true(json_object_get(object, "goroutine"));
        t->created_by = small_of(object, "created_by");
        t->created_at = stack_of(f, object, "created_at");
        t->stack = stack_of(f, object, "stack");
        t->function.address = address_of(json_object_get(object, "function"));
        read_holds(f, t, json_object_get(object, "holds"));
        t->waits = read_wait(f, json_object_get(object, "waits"));
    }
}

static void read_objects(struct finding *f, const json_t *array)
{
    f->object_count = json_array_size(array);
    f->objects = pool_array(&f->pool, f->object_count, sizeof(*f->objects));
    for (size_t i = 0; i < f->object_count; i++) {
        const json_t *object = json_array_get(array, i);
        struct object *o = &f->objects[i];

        o->id = small_of(object, "id");
        o->kind = text_or(f, object, "kind", "object");
        o->name = text_of(f, object, "name");
        o->memory = text_or(f, object, "memory", "heap");
        o->address = address_of(json_object_get(object, "address"));
        o->stack_of = small_of(object, "stack_of");
        o->seen_at = stack_of(f, object, "seen_at");
        o->capacity = count_of(object, "capacity");
        o->sent = count_of(object, "sent");
        o->received = count_of(object, "received");
        o->closed = json_is_true(json_object_get(object, "closed"));
        o->tasks = count_of(object, "count");
    }
}

static void read_cycle(struct finding *f, const json_t *array)
{
    f->cycle_count = json_array_size(array);
    f->cycle = pool_array(&f->pool, f->cycle_count, sizeof(*f->cycle));
    for (size_t i = 0; i < f->cycle_count; i++) {
        const json_t *object = json_array_get(array, i);

        f->cycle[i].thread = small_of(object, "thread");
        f->cycle[i].holds = small_of(object, "holds");
        f->cycle[i].wants = small_of(object, "wants");
    }
}

static void read_steps(struct finding *f, const json_t *array)
{
    f->step_count = json_array_size(array);
    f->steps = pool_array(&f->pool, f->step_count, sizeof(*f->steps));
    for (size_t i = 0; i < f->step_count; i++) {
        const json_t *object = json_array_get(array, i);
        struct step *s = &f->steps[i];

        s->turn = small_of(object, "turn");
        s->thread = small_of(object, "thread");
        s->object = small_of(object, "object");
        s->waits_for = small_of(object, "waits_for");
        s->operation = text_or(f, object, "operation", "runs");
        s->stack = stack_of(f, object, "stack");
    }
}

static void read_places(struct finding *f, const json_t *array)
{
    f->place_count = json_array_size(array);
    f->places = pool_array(&f->pool, f->place_count, sizeof(*f->places));
    for (size_t i = 0; i < f->place_count; i++) {
        const json_t *object = json_array_get(array, i);

        f->places[i].thread = small_of(object, "thread");
        f->places[i].text = text_or(f, object, "text", "");
        f->places[i].primary = json_is_true(json_object_get(object, "primary"));
        f->places[i].stack = stack_of(f, object, "stack");
    }
}

static void read_modules(struct finding *f, const json_t *array)
{
    f->module_count = json_array_size(array);
    f->modules = pool_array(&f->pool, f->module_count, sizeof(*f->modules));
    for (size_t i = 0; i < f->module_count; i++) {
        const json_t *object = json_array_get(array, i);

        f->modules[i].path = text_or(f, object, "path", "");
        f->modules[i].start = address_of(json_object_get(object, "start"));
        f->modules[i].end = address_of(json_object_get(object, "end"));
        f->modules[i].offset = (uint64_t)number_of(object, "offset");
    }
}

static void read_finding(struct finding *f, const json_t *root)
{
    f->pid = number_of(root, "pid");
    f->after_ms = number_of(root, "after_ms");
    f->process = text_or(f, root, "process", "the program");
    f->one_of_several = json_is_true(json_object_get(root, "one_of_several"));
    f->parent_pid = number_of(root, "parent_pid");
    f->forked = json_is_true(json_object_get(root, "forked"));
    f->parent = text_of(f, root, "parent");
    f->command = text_of(f, root, "command");
    f->severity = text_or(f, root, "severity", "warning");
    f->confidence = text_or(f, root, "confidence", "possible");
    f->message = text_or(f, root, "message", "");
    f->heading = text_of(f, root, "heading");
    f->reason = text_of(f, root, "reason");
    f->help = text_of(f, root, "help");
    f->lesson = text_of(f, root, "lesson");
    f->fingerprint = text_of(f, root, "fingerprint");
    f->loose_fingerprint = text_of(f, root, "loose_fingerprint");
    f->baseline = text_of(f, root, "baseline");
    read_threads(f, json_object_get(root, "threads"));
    read_objects(f, json_object_get(root, "objects"));
    read_cycle(f, json_object_get(root, "cycle"));
    read_steps(f, json_object_get(root, "interleaving"));
    read_places(f, json_object_get(root, "places"));
    read_modules(f, json_object_get(root, "modules"));
}

struct finding *finding_parse(const char *line, size_t length, const char **error)
{
    json_t *root = json_loadb(line, length, 0, NULL);
    const char *schema = json_string_value(json_object_get(root, "schema"));
    bool raw = schema != NULL && strcmp(schema, "gridlock-raw/1") == 0;
    struct finding *f = NULL;

    if (!json_is_object(root))
        *error = "not a JSON object";
    else if (!raw && (schema == NULL || strcmp(schema, "gridlock-finding/1") != 0))
        *error = "not of the schema gridlock-finding/1 or gridlock-raw/1";
    else if (!json_is_string(json_object_get(root, "name")))
        *error = "a finding without a name";
    else
        f = calloc(1, sizeof(*f));
    if (f != NULL) {
        f->raw = raw;
        f->name = text_or(f, root, "name", "unnamed");
        read_finding(f, root);
    }
    json_decref(root);
    return f;
}
