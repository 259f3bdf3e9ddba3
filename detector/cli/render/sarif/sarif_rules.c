/* SPDX-License-Identifier: MIT */
/*
 * sarif_rules.c - every kind of finding, as a rule of a SARIF document
 *
 * All of the catalogue stands in every document: rules are the tool's, and do not change from one run
 * to the next. Code scanning shows a rule's help beside the alert, so it is what `gridlock explain`
 * says. The texts are C strings of the catalogue and hold no placeholders.
 */
#include <ctype.h>
#include <string.h>

#include "detector/cli/finding/catalogue.h"
#include "detector/cli/render/json_parts.h"
#include "detector/cli/render/sarif/sarif.h"

static json_t *text_object(const char *text)
{
    json_t *object = json_object();

    json_set(object, "text", json_text(text));
    return object;
}

/* `locks are taken ...` -> `Locks are taken ... .` */
static const char *sentence(struct pool *pool, const char *text)
{
    size_t length = strlen(text);
    char *result = pool_printf(pool, "%s%s", text,
                               length > 0 && text[length - 1] == '.' ? "" : ".");

    result[0] = (char)toupper((unsigned char)result[0]);
    return result;
}

/* `lock-order-cycle` -> `LockOrderCycle` */
static const char *pascal_case(struct pool *pool, const char *name)
{
    char *result = pool_copy(pool, name), *end = result;
    bool upper = true;

    for (; *name != '\0'; name++) {
        if (isalnum((unsigned char)*name))
            *end++ = (char)(upper ? toupper((unsigned char)*name) : *name);
        upper = !isalnum((unsigned char)*name);
    }
    *end = '\0';
    return result;
}

/* Markdown takes `<` and `*` for its own. */
static const char *markdown_of(struct pool *pool, const char *text)
{
    char *result = pool_array(pool, 2 * strlen(text) + 1, 1), *end = result;

    for (; *text != '\0'; text++) {
        if (strchr("<*", *text) != NULL)
            *end++ = '\\';
        *end++ = *text;
    }
    return result;
}

static const char *references(struct pool *pool, const struct entry *e, const char *quote)
{
    const char *text = "";

    if (e->lesson != NULL)
        text = pool_printf(pool, "\n\nLesson: %sbroken/%s.c%s and %sfixed/%s.c%s.", quote,
                           e->lesson, quote, quote, e->lesson, quote);
    if (e->refs != NULL)
        text = pool_printf(pool, "%s\n\nReferences: %s.", text, e->refs);
    return text;
}

static json_t *help_of(struct pool *pool, const struct entry *e)
{
    json_t *help = json_object();

    json_set(help, "text",
             json_text(pool_printf(pool, "%s\n\nExample:\n\n%s\n\nHow to mend it: %s%s", e->idea,
                                   e->example, e->fix, references(pool, e, ""))));
    json_set(help, "markdown",
             json_text(pool_printf(pool,
                                   "%s\n\n## Example\n\n```c\n%s\n```\n\n## How to mend it\n\n%s%s",
                                   markdown_of(pool, e->idea), e->example,
                                   markdown_of(pool, e->fix), references(pool, e, "`"))));
    return help;
}

/* The usual one; a result has its own. */
static const char *level_of(const struct chapter *chapter, const struct entry *e)
{
    if (strcmp(e->name, "snapshot") == 0)
        return "note";
    return chapter->entries == catalogue_now.entries ? "error" : "warning";
}

static json_t *configuration_of(const char *level)
{
    json_t *configuration = json_object();

    json_set(configuration, "level", json_text(level));
    return configuration;
}

/* The names of code scanning, by which it sorts. */
static json_t *properties_of(const struct entry *e, const char *level)
{
    json_t *properties = json_object();

    json_set(properties, "tags", sarif_tags(e->refs));
    json_set(properties, "precision", json_text("very-high"));
    json_set(properties, "problem.severity",
             json_text(strcmp(level, "note") == 0 ? "recommendation" : level));
    return properties;
}

static json_t *rule_of(const struct chapter *chapter, const struct entry *e)
{
    struct pool pool = {NULL};
    json_t *rule = json_object();
    const char *level = level_of(chapter, e);

    json_set(rule, "id", json_text(e->name));
    if (strchr(e->name, '-') != NULL) /* a name that is only the id again is none (3.49.7) */
        json_set(rule, "name", json_text(pascal_case(&pool, e->name)));
    json_set(rule, "shortDescription", text_object(sentence(&pool, e->summary)));
    json_set(rule, "fullDescription", text_object(e->idea));
    json_set(rule, "help", help_of(&pool, e));
    json_set(rule, "defaultConfiguration", configuration_of(level));
    json_set(rule, "relationships", sarif_relationships(e->refs));
    json_set(rule, "properties", properties_of(e, level));
    pool_free(&pool);
    return rule;
}

json_t *sarif_rules(void)
{
    json_t *rules = json_array();
    size_t count;
    const struct chapter *chapters = catalogue(&count);

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < chapters[i].count; k++)
            json_array_append_new(rules, rule_of(&chapters[i], &chapters[i].entries[k]));
    return rules;
}

/* Findings of another version may have a name that this one does not know. */
static json_t *unknown_rule(const struct finding *f)
{
    struct pool pool = {NULL};
    const char *text = pool_printf(&pool,
                                   "A finding called %s, of which this version of Gridlock "
                                   "has no explanation.",
                                   f->name);
    json_t *rule = json_object();

    json_set(rule, "id", json_text(f->name));
    json_set(rule, "shortDescription", sarif_message(text));
    json_set(rule, "fullDescription", sarif_message(text));
    json_set(rule, "help", sarif_message(f->help == NULL ? text : f->help));
    pool_free(&pool);
    return rule;
}

size_t sarif_rule_of(json_t *rules, const struct finding *f)
{
    size_t count = json_array_size(rules);

    for (size_t i = 0; i < count; i++) {
        const char *id = json_string_value(json_object_get(json_array_get(rules, i), "id"));

        if (id != NULL && strcmp(id, f->name) == 0)
            return i;
    }
    json_array_append_new(rules, unknown_rule(f));
    return count;
}
