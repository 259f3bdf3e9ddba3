/* SPDX-License-Identifier: MIT */
/*
 * sarif_taxa.c - which known weaknesses is a kind of finding about?
 *
 * 1. The catalogue's references are a text: `CWE-833, CERT CON35-C; a book`. Numbers behind `CWE-` are
 *    entries of the Common Weakness Enumeration, MITRE's; rules behind `CERT ` are CERT C's.
 * 2. Each CWE entry becomes a taxon, and a rule that names it is related to it (3.49.15, 3.53).
 * 3. As tags they have the names that CodeQL's rules use, by which code scanning filters.
 */
#include <ctype.h>
#include <string.h>

#include "detector/cli/render/json_parts.h"
#include "detector/cli/render/sarif/sarif.h"

static const struct weakness {
    const char *id, *name; /* as cwe.mitre.org has it */
} weaknesses[] = {
    {"416", "Use After Free"},
    {"667", "Improper Locking"},
    {"764", "Multiple Locks of a Critical Resource"},
    {"765", "Multiple Unlocks of a Critical Resource"},
    {"772", "Missing Release of Resource after Effective Lifetime"},
    {"828", "Signal Handler with Functionality that is not Asynchronous-Safe"},
    {"832", "Unlock of a Resource that is not Locked"},
    {"833", "Deadlock"},
};

enum { WEAKNESSES = sizeof(weaknesses) / sizeof(weaknesses[0]) };

/* The word behind the next `mark` at or after *at; NULL if there is none. Moves *at behind it. */
static const char *next_reference(struct pool *pool, const char **at, const char *mark)
{
    const char *word = *at == NULL ? NULL : strstr(*at, mark);
    size_t length;

    if (word == NULL)
        return NULL;
    word += strlen(mark);
    length = strcspn(word, ",; ");
    *at = word + length;
    return pool_copy_n(pool, word, length);
}

static int weakness_index(const char *id)
{
    for (int i = 0; i < WEAKNESSES; i++)
        if (strcmp(weaknesses[i].id, id) == 0)
            return i;
    return -1;
}

static json_t *component_reference(void)
{
    json_t *reference = json_object();

    json_set(reference, "name", json_text("CWE"));
    json_set(reference, "index", json_integer(0));
    return reference;
}

static json_t *relationship(int index)
{
    json_t *object = json_object(), *target = json_object(), *kinds = json_array();

    json_set(target, "id", json_text(weaknesses[index].id));
    json_set(target, "index", json_integer(index));
    json_set(target, "toolComponent", component_reference());
    json_array_append_new(kinds, json_text("relevant"));
    json_set(object, "target", target);
    json_set(object, "kinds", kinds);
    return object;
}

json_t *sarif_relationships(const char *refs)
{
    struct pool pool = {NULL};
    json_t *array = json_array();
    const char *id;

    while ((id = next_reference(&pool, &refs, "CWE-")) != NULL)
        if (weakness_index(id) >= 0)
            json_array_append_new(array, relationship(weakness_index(id)));
    pool_free(&pool);
    if (json_array_size(array) > 0)
        return array;
    json_decref(array);
    return NULL;
}

static void add_tag(json_t *tags, struct pool *pool, const char *family, const char *id)
{
    char *tag = pool_printf(pool, "external/%s%s", family, id);

    for (char *p = tag; *p != '\0'; p++)
        *p = (char)tolower((unsigned char)*p);
    json_array_append_new(tags, json_text(tag));
}

json_t *sarif_tags(const char *refs)
{
    struct pool pool = {NULL};
    json_t *tags = json_array();
    const char *at = refs, *id;

    json_array_append_new(tags, json_text("correctness"));
    json_array_append_new(tags, json_text("concurrency"));
    while ((id = next_reference(&pool, &at, "CWE-")) != NULL)
        add_tag(tags, &pool, "cwe/cwe-", id);
    at = refs;
    while ((id = next_reference(&pool, &at, "CERT ")) != NULL)
        add_tag(tags, &pool, "cert/", id);
    pool_free(&pool);
    return tags;
}

static json_t *taxon(const struct weakness *w)
{
    struct pool pool = {NULL};
    json_t *object = json_object();

    json_set(object, "id", json_text(w->id));
    json_set(object, "name", json_text(w->name));
    json_set(object, "shortDescription", sarif_message(w->name));
    json_set(
        object, "helpUri",
        json_text(pool_printf(&pool, "https://cwe.mitre.org/data/definitions/%s.html", w->id)));
    pool_free(&pool);
    return object;
}

json_t *sarif_taxonomies(void)
{
    json_t *array = json_array(), *taxonomy = json_object(), *taxa = json_array();

    for (int i = 0; i < WEAKNESSES; i++)
        json_array_append_new(taxa, taxon(&weaknesses[i]));
    json_set(taxonomy, "name", json_text("CWE"));
    json_set(taxonomy, "organization", json_text("MITRE"));
    json_set(taxonomy, "shortDescription",
             sarif_message("The MITRE Common Weakness Enumeration: those entries that Gridlock's "
                           "rules refer to."));
    json_set(taxonomy, "informationUri", json_text("https://cwe.mitre.org/"));
    json_set(taxonomy, "isComprehensive", json_false());
    json_set(taxonomy, "taxa", taxa);
    json_array_append_new(array, taxonomy);
    return array;
}
