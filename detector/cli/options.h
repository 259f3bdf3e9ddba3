/* SPDX-License-Identifier: MIT */
/*
 * options.h - what the user wants
 *
 * Layer:    detector/cli
 * Memory:   strings are the command line's own; options_free() gives back the suppressions
 * Locking:  none
 * Errors:   a bad option gives one line on stderr and false
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>

#include "detector/cli/base/out.h"
#include "detector/cli/finding/suppress.h"
#include "detector/cli/render/render.h"

enum on_deadlock { DEADLOCK_EXIT, DEADLOCK_ABORT, DEADLOCK_WAIT };

struct options {
    const struct renderer *format;
    const char *output; /* NULL: the standard error */
    bool all, verbose, statistics;
    int exitcode;
    enum on_deadlock on_deadlock;
    enum color_choice color;
    struct suppressions suppressions;
    bool helper;                /* the library has started us to report for it */
    const char *const *command; /* the program and its arguments; NULL where none is started */
    int rest;                   /* index of the first argument that is no option */
};

/* Reads GRIDLOCK_OPTIONS, then the arguments behind the subcommand argv[0]. */
bool options_read(struct options *o, int argc, char **argv);
void options_free(struct options *o);

/* The GRIDLOCK_OPTIONS for the library; the caller frees it. */
char *options_for_library(const struct options *o);

#endif
