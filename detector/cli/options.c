/* SPDX-License-Identifier: MIT */
/*
 * options.c - what the user wants
 *
 * 1. Defaults, 2. the environment's GRIDLOCK_OPTIONS (key=value, separated by ':'), 3. the command
 * line: the later one wins. `run` and `report` take the same options; what makes no sense for one of
 * them (--on-deadlock for a report) changes nothing there.
 */
#include "detector/cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detector/cli/base/status.h"

static const char *const reactions[] = {"exit", "abort", "wait", NULL};
static const char *const colors[] = {"auto", "always", "never", NULL};

static bool complain(const char *what, const char *value, const char *hint)
{
    fprintf(stderr, "gridlock: %s `%s`: %s\n", what, value, hint);
    return false;
}

/* The index of `value` in a NULL-ended list; -1 if it is not there. */
static int choose(const char *const *list, const char *value)
{
    for (int i = 0; list[i] != NULL; i++)
        if (strcmp(list[i], value) == 0)
            return i;
    return -1;
}

static bool read_status(int *status, const char *value)
{
    char *end;
    long number;

    errno = 0;
    number = strtol(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end != '\0' || errno != 0 || number > 255)
        return false;
    *status = (int)number;
    return true;
}

static bool read_switch(bool *on, const char *value)
{
    if (value == NULL || (strcmp(value, "0") != 0 && strcmp(value, "1") != 0))
        return false;
    *on = value[0] == '1';
    return true;
}

/* NULL, or what a value of this key must be. */
static const char *read_pair(struct options *o, const char *key, const char *value)
{
    if (strcmp(key, "on_deadlock") == 0) {
        int choice = value == NULL ? -1 : choose(reactions, value);

        if (choice < 0)
            return "must be on_deadlock=exit, abort or wait";
        o->on_deadlock = (enum on_deadlock)choice;
    } else if (strcmp(key, "exitcode") == 0) {
        if (value == NULL || !read_status(&o->exitcode, value))
            return "must be exitcode=N with a number from 0 to 255";
    } else if (strcmp(key, "all") == 0) {
        if (!read_switch(&o->all, value))
            return "must be all=0 or all=1";
    } else if (strcmp(key, "statistics") == 0) {
        if (!read_switch(&o->statistics, value))
            return "must be statistics=0 or statistics=1";
    } else {
        return "unknown; there are on_deadlock, exitcode, all and statistics";
    }
    return NULL;
}

/* strict: a bad pair is an error. A report goes on: for its findings it is too late to complain. */
static bool read_variable(struct options *o, bool strict)
{
    const char *variable = getenv("GRIDLOCK_OPTIONS"), *hint = NULL;
    char *copy, *rest, *pair;

    if (variable == NULL)
        return true;
    copy = rest = strdup(variable);
    while (hint == NULL && (pair = strsep(&rest, ":")) != NULL) {
        char *value = pair, *key = strsep(&value, "=");

        if (key[0] == '\0')
            continue;
        hint = read_pair(o, key, value);
        if (hint != NULL && strict)
            complain("GRIDLOCK_OPTIONS: key", key, hint);
        else
            hint = NULL;
    }
    free(copy);
    return hint == NULL;
}

static bool read_choice(int *choice, const char *const *list, const char *option, const char *hint)
{
    *choice = choose(list, optarg);
    return *choice >= 0 || complain(option, optarg, hint);
}

static bool read_format(struct options *o, const char *name)
{
    struct pool pool = {NULL};
    const struct renderer *format = renderer_find(name);

    if (format == NULL)
        complain("--format", name, pool_printf(&pool, "must be %s", renderer_names(&pool)));
    else
        o->format = format;
    pool_free(&pool);
    return format != NULL;
}

static bool read_option(struct options *o, int letter)
{
    int choice;

    switch (letter) {
    case 'f':
        return read_format(o, optarg);
    case 'd':
        if (!read_choice(&choice, reactions, "--on-deadlock", "must be exit, abort or wait"))
            return false;
        o->on_deadlock = (enum on_deadlock)choice;
        return true;
    case 'c':
        if (!read_choice(&choice, colors, "--color", "must be auto, always or never"))
            return false;
        o->color = (enum color_choice)choice;
        return true;
    case 'e':
        return read_status(&o->exitcode, optarg) ||
               complain("--exitcode", optarg, "must be a number from 0 to 255");
    case 's':
        return suppressions_read(&o->suppressions, optarg);
    case 'o':
        o->output = optarg;
        return true;
    case 'a':
        return o->all = true;
    case 'v':
        return o->verbose = true;
    case 'H':
        return o->helper = true;
    default:
        return false;
    }
}

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

bool options_read(struct options *o, int argc, char **argv)
{
    static const struct option table[] = {
        {"format", required_argument, NULL, 'f'},
        {"output", required_argument, NULL, 'o'},
        {"all", no_argument, NULL, 'a'},
        {"exitcode", required_argument, NULL, 'e'},
        {"on-deadlock", required_argument, NULL, 'd'},
        {"suppressions", required_argument, NULL, 's'},
        {"color", required_argument, NULL, 'c'},
        {"colour", required_argument, NULL, 'c'},
        {"verbose", no_argument, NULL, 'v'},
        {"helper", no_argument, NULL, 'H'},
        {NULL, 0, NULL, 0},
    };
    int letter;

    *o = (struct options){.exitcode = STATUS_FOUND, .format = &render_text};
    if (!read_variable(o, strcmp(argv[0], "run") == 0))
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
}

char *options_for_library(const struct options *o)
{
    char *text;

    if (asprintf(&text, "on_deadlock=%s:exitcode=%d:all=%d%s", reactions[o->on_deadlock],
                 o->exitcode, o->all, o->statistics ? ":statistics=1" : "") < 0)
        return NULL;
    return text;
}
