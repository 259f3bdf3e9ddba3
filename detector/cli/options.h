/* SPDX-License-Identifier: MIT */
/*
 * options.h - what the user wants
 *
 * Layer:    detector/cli
 * Memory:   strings are the command line's own, or live until options_free()
 * Locking:  none
 * Errors:   a bad option gives one line on stderr and false
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>

#include "detector/cli/base/out.h"
#include "detector/cli/finding/baseline.h"
#include "detector/cli/finding/suppress.h"
#include "detector/cli/render/render.h"

enum follow { FOLLOW_CHILDREN, FOLLOW_NONE };
enum on_deadlock { DEADLOCK_EXIT, DEADLOCK_ABORT, DEADLOCK_WAIT };

struct options {
    const struct renderer *format;
    const char *output; /* NULL: the standard error */
    bool all, verbose, statistics;
    int exitcode;
    enum on_deadlock on_deadlock;
    enum follow follow;
    enum color_choice color;
    struct suppressions suppressions;
    struct baseline baseline;
    bool helper;                /* the library has started us to report for it */
    const char *const *command; /* the program and its arguments; NULL where none is started */
    int rest;                   /* index of the first argument that is no option */
    const char *for_helper;     /* as key=value, ended by ':' each; paths are absolute */
    struct pool pool;
};

/* Reads GRIDLOCK_OPTIONS, then the arguments behind the subcommand argv[0]. */
bool options_read(struct options *o, int argc, char **argv);
void options_free(struct options *o);

/* The GRIDLOCK_OPTIONS for the library, and the GRIDLOCK_HELPER for the command that it starts when
 * this one has ended. They live until options_free(). */
const char *options_for_library(struct options *o);
const char *options_for_helper(struct options *o);

#endif
