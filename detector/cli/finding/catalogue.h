/* SPDX-License-Identifier: MIT */
/*
 * catalogue.h - every kind of finding, explained
 *
 * Layer:    detector/cli/finding
 * Memory:   static
 * Locking:  none
 * Errors:   NULL for an unknown name
 */
#ifndef CLI_CATALOGUE_H
#define CLI_CATALOGUE_H

#include <stddef.h>

struct entry {
    const char *name;    /* kebab-case, the same everywhere */
    const char *summary; /* one line */
    const char *idea;    /* a paragraph: what happens and why */
    const char *example; /* the shortest C that shows it; with the runtime's channels, ... a program
                          * that needs no more than #include <gridlock.h> in front */
    const char *help;    /* one line, for the report */
    const char *fix;     /* a paragraph: how to get rid of it */
    const char *refs;    /* CERT rules and CWE numbers; NULL if none fits */
    const char *lesson;  /* FAMILY/NAME under broken/ and fixed/; NULL if none shows it */
};

struct chapter {
    const char *title;
    const struct entry *entries;
    size_t count;
};

/* Chapters in the order in which they are listed; `*count` of them. */
const struct chapter *catalogue(size_t *count);

const struct entry *catalogue_find(const char *name);

/* The name that is least different from `name`. */
const char *catalogue_nearest(const char *name);

extern const struct chapter catalogue_now, catalogue_order, catalogue_locks, catalogue_waiting,
    catalogue_channels;

#endif
