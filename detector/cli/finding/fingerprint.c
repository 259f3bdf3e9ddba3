/* SPDX-License-Identifier: MIT */
/*
 * fingerprint.c - are two findings the same fault?
 *
 * 1. Every place of the finding becomes a text: the functions, file names and lines of its visible
 *    frames. No addresses, no directories, no thread numbers: they change from run to run.
 *    Among channels only the main places count: who was the last to receive, and where, is as
 *    the turns fell. Of a stuck goroutine it counts where it was started.
 * 2. The texts are sorted and doubles dropped: which of two threads came first does not matter.
 * 3. The finding's name and the texts go through FNV-1a (Fowler, Noll, Vo), 64 bits.
 * 4. The loose fingerprint is the same without line numbers and offsets: an edit further up in a file
 *    leaves it as it is. Two faults in the same functions share it.
 */
#include "detector/cli/finding/fingerprint.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "detector/cli/base/path.h"

struct site_list {
    struct finding *finding;
    bool loose; /* without lines */
    const char **sites;
    size_t count;
};

static const char *frame_text(struct pool *pool, const struct frame *f, bool loose)
{
    if (f->function == NULL && f->file == NULL && f->module != NULL)
        return pool_printf(pool, "%s+%" PRIx64, path_base(f->module), loose ? 0 : f->offset);
    return pool_printf(pool, "%s %s:%d", f->function != NULL ? f->function : "?",
                       f->file != NULL ? path_base(f->file) : "?", loose ? 0 : f->line);
}

static void add_site(struct site_list *list, const struct stack *s)
{
    struct pool *pool = &list->finding->pool;
    const char *text = "";

    for (size_t i = 0; i < s->count; i++)
        if (!s->frames[i].hidden)
            text = pool_printf(pool, "%s%s\n", text, frame_text(pool, &s->frames[i], list->loose));
    list->sites[list->count++] = text;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static uint64_t mix(uint64_t hash, const char *text)
{
    do
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    while (*text++ != '\0');
    return hash;
}

static size_t most_sites(const struct finding *f)
{
    size_t most = f->place_count + f->step_count;

    for (size_t i = 0; i < f->thread_count; i++)
        most += f->threads[i].hold_count + 2;
    return most;
}

static bool is_about_handles(const struct finding *f)
{
    for (size_t i = 0; i < f->object_count; i++)
        if (object_is_handle(&f->objects[i]))
            return true;
    return false;
}

static void add_thread(struct site_list *list, const struct thread *t)
{
    for (size_t k = 0; k < t->hold_count; k++)
        add_site(list, &t->holds[k].stack);
    if (t->waits != NULL)
        add_site(list, &t->waits->stack);
    if (t->part && t->goroutine)
        add_site(list, &t->created_at);
}

/* Where the threads of the fault stand; bystanders and the objects' history do not count. */
static void add_sites(struct site_list *list)
{
    const struct finding *f = list->finding;
    bool stuck = false, main_only = is_about_handles(f);

    for (size_t i = 0; i < f->place_count; i++)
        if (f->places[i].primary || !main_only)
            add_site(list, &f->places[i].stack);
    for (size_t i = 0; i < f->step_count; i++)
        add_site(list, &f->steps[i].stack);
    for (size_t i = 0; i < f->thread_count; i++)
        stuck = stuck || f->threads[i].part;
    for (size_t i = 0; i < f->thread_count; i++)
        if (!stuck || f->threads[i].part)
            add_thread(list, &f->threads[i]);
}

static const char *hash_of(struct finding *f, bool loose)
{
    struct site_list list = {.finding = f, .loose = loose};
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    list.sites = pool_array(&f->pool, most_sites(f), sizeof(*list.sites));
    add_sites(&list);
    if (list.count > 0)
        qsort(list.sites, list.count, sizeof(*list.sites), by_text);
    /* A rejected order is another finding than the accepted one at the same lines. */
    hash = mix(mix(hash, f->name), finding_is(f, "note") ? "note" : "");
    for (size_t i = 0; i < list.count; i++)
        if (i == 0 || strcmp(list.sites[i], list.sites[i - 1]) != 0)
            hash = mix(hash, list.sites[i]);
    return pool_printf(&f->pool, "%016" PRIx64, hash);
}

void fingerprint(struct finding *f)
{
    if (f->fingerprint == NULL)
        f->fingerprint = hash_of(f, false);
    if (f->loose_fingerprint == NULL)
        f->loose_fingerprint = hash_of(f, true);
}
