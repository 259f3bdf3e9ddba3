/* SPDX-License-Identifier: MIT */
/*
 * options.c - what the user wants
 *
 * 1. Defaults, 2. the environment's GRIDLOCK_OPTIONS (key=value, separated by ':'), 3. the command
 * line: the later one wins. An option and its key have one reader; the key has _ for -. All commands
 * that print findings take the same options; what makes no sense for one of them (--on-deadlock for a
 * report) changes nothing there.
 *
 * The helper, started by a library whose command is gone or never was, reads GRIDLOCK_HELPER first: the
 * command left there what GRIDLOCK_OPTIONS cannot say. For what was found it is too late to
 * complain, so it goes on whatever it reads.
 */
#include "detector/cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detector/cli/base/status.h"
#include "detector/report/option_keys.h"

static const char *const reactions[] = {"exit", "abort", "wait", NULL};
static const char *const follows[] = {"children", "none", NULL};
static const char *const colors[] = {"auto", "always", "never", NULL};

/* ---------------------------------------------------------------- one reader for each value */

/* The index of `value` in a NULL-ended list; -1 if it is not there. */
static int choose(const char *const *list, const char *value)
{
    for (int i = 0; list[i] != NULL; i++)
        if (strcmp(list[i], value) == 0)
            return i;
    return -1;
}

/* What the helper has to know, too. A value with a colon cannot be told. */
static void tell_helper(struct options *o, const char *key, const char *value)
{
    if (strchr(value, ':') == NULL)
        o->for_helper = pool_printf(&o->pool, "%s%s=%s:", o->for_helper, key, value);
}

static void tell_helper_path(struct options *o, const char *key, const char *path)
{
    char *absolute = realpath(path, NULL);

    if (absolute != NULL)
        tell_helper(o, key, absolute);
    free(absolute);
}

static bool read_switch(bool *on, const char *value)
{
    *on = strcmp(value, "1") == 0;
    return *on || strcmp(value, "0") == 0;
}

static bool read_all(struct options *o, const char *value)
{
    return read_switch(&o->all, value);
}

static bool read_verbose(struct options *o, const char *value)
{
    tell_helper(o, "verbose", value);
    return read_switch(&o->verbose, value);
}

static bool read_statistics(struct options *o, const char *value)
{
    return read_switch(&o->statistics, value);
}

static bool read_helper(struct options *o, const char *value)
{
    return read_switch(&o->helper, value);
}

static bool read_exitcode(struct options *o, const char *value)
{
    char *end;
    long number;

    errno = 0;
    number = strtol(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end != '\0' || errno != 0 || number > 255)
        return false;
    o->exitcode = (int)number;
    return true;
}

static bool read_on_deadlock(struct options *o, const char *value)
{
    int choice = choose(reactions, value);

    if (choice >= 0)
        o->on_deadlock = (enum on_deadlock)choice;
    return choice >= 0;
}

static bool read_follow(struct options *o, const char *value)
{
    int choice = choose(follows, value);

    if (choice >= 0)
        o->follow = (enum follow)choice;
    return choice >= 0;
}

static bool read_color(struct options *o, const char *value)
{
    int choice = choose(colors, value);

    if (choice >= 0)
        o->color = (enum color_choice)choice;
    tell_helper(o, "color", value);
    return choice >= 0;
}

static bool read_format(struct options *o, const char *value)
{
    const struct renderer *format = renderer_find(value);

    if (format != NULL)
        o->format = format;
    return format != NULL;
}

static bool read_output(struct options *o, const char *value)
{
    o->output = value;
    return value[0] != '\0';
}

static bool read_suppressions(struct options *o, const char *value)
{
    tell_helper_path(o, "suppressions", value);
    return suppressions_read(&o->suppressions, value);
}

static bool read_baseline(struct options *o, const char *value)
{
    tell_helper_path(o, "baseline", value);
    return baseline_read(&o->baseline, value);
}

/* ---------------------------------------------------------------- all of them */

static const struct reader {
    char letter;
    const char *key;
    bool (*read)(struct options *, const char *value);
    const char *must_be; /* NULL: the reader itself says what is wrong; "": the formats */
} readers[] = {
    {'f', "format", read_format, ""},
    {'o', "output", read_output, "must be the name of a file"},
    {'a', "all", read_all, "must be 0 or 1"},
    {'v', "verbose", read_verbose, "must be 0 or 1"},
    {'e', "exitcode", read_exitcode, "must be a number from 0 to 255"},
    {'d', "on_deadlock", read_on_deadlock, "must be exit, abort or wait"},
    {'l', "follow", read_follow, "must be children or none"},
    {'s', "suppressions", read_suppressions, NULL},
    {'b', "baseline", read_baseline, NULL},
    {'c', "color", read_color, "must be auto, always or never"},
    {'t', "statistics", read_statistics, "must be 0 or 1"},
    {'H', "helper", read_helper, "must be 0 or 1"},
    {0},
};

static bool complain(const char *what, const char *value, const char *hint)
{
    fprintf(stderr, "gridlock: %s `%s`: %s\n", what, value, hint);
    return false;
}

/* `what`: how the user named it. */
static bool read_value(struct options *o, const struct reader *r, const char *what,
                       const char *value)
{
    const char *hint = r->must_be;

    if (r->read(o, value))
        return true;
    if (hint != NULL && hint[0] == '\0')
        hint = pool_printf(&o->pool, "must be %s", renderer_names(&o->pool));
    return hint == NULL ? false : complain(what, value, hint);
}

/* ---------------------------------------------------------------- the environment */

/* `helper` is no key: only the library says that, on the command line. */
static const struct reader *reader_of_key(const char *key)
{
    const struct reader *r = readers;

    if (!option_key_known(key, strlen(key)))
        return NULL;
    while (r->letter != 0 && strcmp(r->key, key) != 0)
        r++;
    return r->letter == 0 ? NULL : r;
}

/* `all, baseline, ... and verbose` */
static const char *all_keys(struct pool *pool)
{
    const char *text = option_keys[0];

    for (size_t i = 1; option_keys[i] != NULL; i++)
        text = pool_printf(pool, "%s%s%s", text, option_keys[i + 1] == NULL ? " and " : ", ",
                           option_keys[i]);
    return text;
}

static bool refuse_key(struct options *o, const char *key)
{
    const char *nearest = option_key_nearest(key, strlen(key)), *hint;

    if (nearest != NULL)
        hint = pool_printf(&o->pool, "there is no such key; did you mean %s?", nearest);
    else
        hint = pool_printf(&o->pool, "there is no such key; there are %s", all_keys(&o->pool));
    return complain("GRIDLOCK_OPTIONS: key", key, hint);
}

static bool read_pair(struct options *o, char *pair, bool strict)
{
    char *value = pair, *key = strsep(&value, "=");
    const struct reader *r = reader_of_key(key);

    if (key[0] == '\0' && value == NULL)
        return true;
    if (r == NULL) /* to the helper's user the library has said it */
        return strict ? refuse_key(o, key) : false;
    if (value == NULL)
        return complain("GRIDLOCK_OPTIONS: key", key,
                        pool_printf(&o->pool, "needs a value: %s=VALUE", key));
    return read_value(o, r, pool_printf(&o->pool, "GRIDLOCK_OPTIONS: %s", key), value);
}

static bool read_variable(struct options *o, bool strict)
{
    const char *variable = strict ? NULL : getenv("GRIDLOCK_HELPER");
    char *rest, *pair;
    bool good = true;

    if (variable == NULL)
        variable = getenv("GRIDLOCK_OPTIONS");
    rest = variable == NULL ? NULL : pool_copy(&o->pool, variable);
    while (good && (pair = strsep(&rest, ":")) != NULL)
        good = read_pair(o, pair, strict) || !strict;
    return good;
}

/* ---------------------------------------------------------------- the command line */

static bool refuse(int letter, char **argv)
{
    const char *argument = argv[optind - 1];

    if (letter == ':')
        return complain("option", argument, "needs a value; see gridlock --help");
    if (optopt != 0 && strncmp(argument, "--", 2) == 0)
        return complain("option", argument, "takes no value; see gridlock --help");
    if (optopt != 0)
        fprintf(stderr, "gridlock: unknown option `-%c`; see gridlock --help\n", optopt);
    else
        complain("unknown option", argument, "see gridlock --help");
    return false;
}

static bool read_option(struct options *o, int letter)
{
    const struct reader *r = readers;
    char *what;

    while (r->letter != letter)
        r++;
    what = pool_printf(&o->pool, "--%s", r->key);
    for (char *c = what; *c != '\0'; c++)
        if (*c == '_')
            *c = '-';
    return read_value(o, r, what, optarg == NULL ? "1" : optarg);
}

static bool is_for_helper(int argc, char **argv)
{
    return argc > 1 && strcmp(argv[1], "--helper") == 0;
}

bool options_read(struct options *o, int argc, char **argv)
{
    static const struct option table[] = {
        {"format", required_argument, NULL, 'f'},
        {"output", required_argument, NULL, 'o'},
        {"all", no_argument, NULL, 'a'},
        {"exitcode", required_argument, NULL, 'e'},
        {"on-deadlock", required_argument, NULL, 'd'},
        {"follow", required_argument, NULL, 'l'},
        {"suppressions", required_argument, NULL, 's'},
        {"baseline", required_argument, NULL, 'b'},
        {"color", required_argument, NULL, 'c'},
        {"colour", required_argument, NULL, 'c'},
        {"verbose", no_argument, NULL, 'v'},
        {"helper", no_argument, NULL, 'H'},
        {NULL, 0, NULL, 0},
    };
    int letter;

    *o = (struct options){.exitcode = STATUS_FOUND, .format = &render_text, .for_helper = ""};
    if (!read_variable(o, !is_for_helper(argc, argv)))
        return false;
    opterr = 0;
    while ((letter = getopt_long(argc, argv, "+:o:av", table, NULL)) != -1) {
        if (letter == '?' || letter == ':')
            return refuse(letter, argv);
        if (!read_option(o, letter))
            return false;
    }
    o->rest = optind;
    return true;
}

void options_free(struct options *o)
{
    suppressions_free(&o->suppressions);
    baseline_free(&o->baseline);
    pool_free(&o->pool);
}

const char *options_for_library(struct options *o)
{
    return pool_printf(&o->pool, "on_deadlock=%s:exitcode=%d:all=%d%s%s", reactions[o->on_deadlock],
                       o->exitcode, o->all, o->statistics ? ":statistics=1" : "",
                       o->follow == FOLLOW_NONE ? ":follow=none" : "");
}

const char *options_for_helper(struct options *o)
{
    return pool_printf(&o->pool, "%sall=%d", o->for_helper, o->all);
}
