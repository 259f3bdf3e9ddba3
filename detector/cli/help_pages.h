/* SPDX-License-Identifier: MIT */
/*
 * help_pages.h - the subcommands and their options, for people, completions and the tests of the
 * manual
 *
 * Layer:    detector/cli
 * Memory:   static
 * Locking:  none
 * Errors:   none
 */
#ifndef CLI_HELP_PAGES_H
#define CLI_HELP_PAGES_H

#include <stdbool.h>

/* One bit for each page. */
enum help_for {
    HELP_RUN = 1,
    HELP_REPORT = 2,
    HELP_EXPLAIN = 4,
    HELP_PRACTICE = 8,
    HELP_CHECK = 16,
    HELP_HELP = 32,
    HELP_ATTACH = 64,
    HELP_CORE = 128,
    HELP_DOCTOR = 256,
};

struct help_page {
    enum help_for page;
    const char *name;
    const char *arguments; /* behind the name: `[OPTIONS] FILE` */
    const char *summary;   /* a few words, for the overview */
    const char *text;      /* a paragraph */
    const char *more;      /* another one, or NULL */
    const char *statuses;  /* the exit statuses, a line each */
};

struct help_option {
    int pages;         /* where it belongs, HELP_... */
    char letter;       /* 0: none */
    const char *name;  /* without the dashes */
    const char *value; /* NULL: none. `a|b` is a choice; FORMAT the choice of formats */
    const char *text;
};

/* Both end with an element whose name is NULL. */
extern const struct help_page help_pages[];
extern const struct help_option help_options[];

#endif
