/* SPDX-License-Identifier: MIT */
/*
 * sarif_stack.c - how threads came where they are, as stacks of a SARIF document
 *
 * Of stuck threads: where they took what they hold, and where they wait. Without stuck threads: the
 * places. (Those of an interleaving are with its steps.) No stack twice: the standard forbids it.
 */
#include "detector/cli/base/path.h"
#include "detector/cli/names/wording.h"
#include "detector/cli/render/json_parts.h"
#include "detector/cli/render/sarif/sarif.h"

static json_t *frame_json(struct finding *f, const struct stack *s, const struct frame *frame,
                          int thread)
{
    json_t *object = json_object();

    json_set(object, "location", sarif_location(f, s, frame, frame->function, -1));
    if (frame->module != NULL)
        json_set(object, "module", json_text(path_base(frame->module)));
    if (thread > 0)
        json_set(object, "threadId", json_integer(thread));
    return object;
}

json_t *sarif_stack(struct finding *f, const struct stack *s, int thread, const char *message,
                    bool verbose)
{
    json_t *stack, *frames = json_array();

    for (size_t i = 0; i < s->count; i++)
        if (verbose || !s->frames[i].hidden)
            json_array_append_new(frames, frame_json(f, s, &s->frames[i], thread));
    if (json_array_size(frames) == 0) {
        json_decref(frames);
        return NULL;
    }
    stack = json_object();
    if (message != NULL)
        json_set(stack, "message", sarif_message(message));
    json_set(stack, "frames", frames);
    return stack;
}

static void add(json_t *array, json_t *stack)
{
    bool known = false;

    if (stack == NULL)
        return;
    for (size_t i = 0; i < json_array_size(array); i++)
        known = known || json_equal(stack, json_array_get(array, i));
    if (known)
        json_decref(stack);
    else
        json_array_append_new(array, stack);
}

static void add_thread(json_t *array, struct finding *f, const struct thread *t, bool verbose)
{
    const char *name = finding_thread_name(f, t->id);

    for (size_t i = 0; i < t->hold_count; i++)
        add(array, sarif_stack(f, &t->holds[i].stack, t->id,
                               pool_printf(&f->pool, "%s took %s here", name,
                                           finding_object_name(f, t->holds[i].object)),
                               verbose));
    if (t->waits != NULL)
        add(array,
            sarif_stack(f, &t->waits->stack, t->id,
                        pool_printf(&f->pool, "%s %s", name, word_wait(f, t->waits)), verbose));
}

json_t *sarif_stacks(struct finding *f, bool verbose)
{
    json_t *array = json_array();
    bool stuck;

    for (size_t i = 0; i < f->thread_count; i++)
        if (f->threads[i].part)
            add_thread(array, f, &f->threads[i], verbose);
    stuck = json_array_size(array) > 0;
    for (size_t i = 0; !stuck && i < f->place_count; i++)
        add(array,
            sarif_stack(f, &f->places[i].stack, f->places[i].thread, f->places[i].text, verbose));
    if (json_array_size(array) > 0)
        return array;
    json_decref(array);
    return NULL;
}
