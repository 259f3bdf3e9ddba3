/* SPDX-License-Identifier: MIT */
/*
 * render_sarif.c - findings as SARIF 2.1.0, the format of code scanning and of many viewers
 *
 * The standard: Static Analysis Results Interchange Format (SARIF) Version 2.1.0, OASIS Standard, with
 * Errata 01 of 28 August 2023. One document with one run, also of several processes: code scanning
 * refuses several runs of one tool in a file. Which process it was stands in each result.
 * It is written at the end: a document cut off is none.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "detector/cli/base/path.h"
#include "detector/cli/base/uri.h"
#include "detector/cli/render/json_parts.h"
#include "detector/cli/render/render.h"
#include "detector/cli/render/sarif/sarif.h"

static const char schema[] =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

struct document {
    json_t *rules, *results;
    json_t *remarks; /* what had to be left out: notifications, no results */
};

static bool is_remark(const struct finding *f)
{
    return strcmp(f->name, "limit") == 0 || strcmp(f->name, "statistics") == 0;
}

static void begin(struct rendering *r)
{
    struct document *d = pool_array(&r->pool, 1, sizeof(*d));

    d->rules = sarif_rules();
    d->results = json_array();
    d->remarks = json_array();
    r->state = d;
}

static json_t *descriptor(const char *id)
{
    json_t *object = json_object();

    json_set(object, "id", json_text(id));
    return object;
}

static json_t *notification(const char *id, const char *level, const char *text)
{
    json_t *object = json_object();

    json_set(object, "descriptor", descriptor(id));
    json_set(object, "level", json_text(level));
    json_set(object, "message", sarif_message(text));
    return object;
}

static void add(struct rendering *r, struct finding *f)
{
    struct document *d = r->state;

    if (is_remark(f))
        json_array_append_new(
            d->remarks,
            notification(f->name, strcmp(f->name, "limit") == 0 ? "warning" : "note", f->message));
    else
        json_array_append_new(d->results, sarif_result(f, sarif_rule_of(d->rules, f), r->verbose));
}

/* What code scanning demands of a rule it demands of these too. */
static json_t *described(const char *id, const char *name, const char *text, const char *help)
{
    json_t *object = descriptor(id);

    json_set(object, "name", json_text(name));
    json_set(object, "shortDescription", sarif_message(text));
    json_set(object, "fullDescription", sarif_message(text));
    json_set(object, "help", sarif_message(help));
    return object;
}

static json_t *notifications(void)
{
    json_t *array = json_array();

    json_array_append_new(array, described("limit", "SomethingLeftOut",
                                           "Something had to be left out while watching.",
                                           "What is reported is true; there may be more."));
    json_array_append_new(array, described("statistics", "ProcessStatistics",
                                           "Numbers of the watched process.",
                                           "GRIDLOCK_OPTIONS=statistics=1 asks for them."));
    json_array_append_new(array,
                          described("damage", "DamagedInput", "Some findings could not be read.",
                                    "What could be read whole is reported."));
    return array;
}

static json_t *tool(struct document *d)
{
    json_t *object = json_object(), *driver = json_object(), *taxonomy = json_object(),
           *supported = json_array();

    json_set(taxonomy, "name", json_text("CWE"));
    json_set(taxonomy, "index", json_integer(0));
    json_array_append_new(supported, taxonomy);
    json_set(driver, "name", json_text("Gridlock"));
    json_set(driver, "fullName", json_text("Gridlock " GRIDLOCK_VERSION));
    json_set(driver, "version", json_text(GRIDLOCK_VERSION));
    json_set(driver, "semanticVersion", json_text(GRIDLOCK_VERSION));
    json_set(driver, "shortDescription",
             sarif_message("Explains why threaded programs hang: deadlocks, lock orders that can "
                           "become one, leaked threads, misuse of locks and channels."));
    json_set(driver, "language", json_text("en-US"));
    json_set(driver, "rules", d->rules);
    json_set(driver, "notifications", notifications());
    json_set(driver, "supportedTaxonomies", supported);
    json_set(object, "driver", driver);
    return object;
}

/* The working directory, with the slash that the standard demands (3.14.14). */
static json_t *here(struct pool *pool)
{
    char *directory = getcwd(NULL, 0);
    json_t *location = NULL;

    if (directory != NULL) {
        location = json_object();
        json_set(location, "uri",
                 json_text(uri_of_path(pool, strcmp(directory, "/") == 0
                                                 ? "/"
                                                 : pool_printf(pool, "%s/", directory))));
    }
    free(directory);
    return location;
}

/* As one would type it: a word that a shell would change stands in quotes, each `'` in it as `'\\''`. */
static const char *quoted(struct pool *pool, const char *word)
{
    char *result = pool_array(pool, 4 * strlen(word) + 3, 1), *end = result;

    if (word[0] != '\0' && word[strcspn(word, " \t\n\"'\\$`*?[]{}()<>|&;#~!")] == '\0')
        return word;
    *end++ = '\'';
    for (; *word != '\0'; word++)
        if (*word == '\'')
            end = stpcpy(end, "'\\''");
        else
            *end++ = *word;
    *end = '\'';
    return result;
}

static const char *command_line(struct pool *pool, const char *const *command)
{
    const char *line = "gridlock run";

    for (; *command != NULL; command++)
        line = pool_printf(pool, "%s %s", line, quoted(pool, *command));
    return line;
}

static void set_command(json_t *invocation, struct pool *pool, const char *const *command)
{
    json_t *arguments;

    if (command == NULL)
        return;
    arguments = json_array();
    json_array_append_new(arguments, json_text("run"));
    for (const char *const *word = command; *word != NULL; word++)
        json_array_append_new(arguments, json_text(*word));
    json_set(invocation, "commandLine", json_text(command_line(pool, command)));
    json_set(invocation, "arguments", arguments);
}

static json_t *invocations(struct rendering *r, struct document *d)
{
    json_t *array = json_array(), *invocation = json_object();

    set_command(invocation, &r->pool, r->command);
    if (r->damaged)
        json_array_append_new(
            d->remarks, notification("damage", "error", "some lines were no findings, or cut off"));
    if (r->exit_status >= 0)
        json_set(invocation, "exitCode", json_integer(r->exit_status));
    json_set(invocation, "executionSuccessful", json_boolean(!r->damaged));
    json_set(invocation, "workingDirectory", here(&r->pool));
    json_set(invocation, "toolExecutionNotifications", d->remarks);
    json_array_append_new(array, invocation);
    return array;
}

/* Code scanning's category: findings of different programs do not replace each other. */
static json_t *automation(struct rendering *r)
{
    json_t *details;

    if (r->command == NULL)
        return NULL;
    details = json_object();
    json_set(details, "id",
             json_text(pool_printf(&r->pool, "gridlock/%s/", path_base(r->command[0]))));
    return details;
}

static json_t *bases(struct pool *pool)
{
    json_t *object = json_object();

    json_set(object, SARIF_BASE, here(pool));
    return object;
}

static void end(struct rendering *r)
{
    struct document *d = r->state;
    json_t *log = json_object(), *runs = json_array(), *run = json_object();

    json_set(run, "tool", tool(d));
    json_set(run, "automationDetails", automation(r));
    json_set(run, "invocations", invocations(r, d));
    json_set(run, "originalUriBaseIds", bases(&r->pool));
    json_set(run, "columnKind", json_text("unicodeCodePoints"));
    json_set(run, "taxonomies", sarif_taxonomies());
    json_set(run, "results", d->results);
    json_array_append_new(runs, run);
    json_set(log, "version", json_text("2.1.0")); /* it should come first (3.13.2) */
    json_set(log, "$schema", json_text(schema));
    json_set(log, "runs", runs);
    json_print(r->stream, log, JSON_INDENT(1));
}

const struct renderer render_sarif = {.name = "sarif",
                                      .remarks = true,
                                      .known = true,
                                      .pure = true,
                                      .begin = begin,
                                      .finding = add,
                                      .end = end};
