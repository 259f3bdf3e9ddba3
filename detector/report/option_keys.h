/* SPDX-License-Identifier: MIT */
/*
 * option_keys.h - the keys of GRIDLOCK_OPTIONS, and which of them a wrong one was meant to be
 *
 * Layer:    detector/report; shared with detector/cli
 * Memory:   static
 * Locking:  none
 * Errors:   NULL: nothing is near enough
 *
 * The library acts on some keys, the command on the others; each accepts what is the other's. The
 * distance is Levenshtein's (1966): how many letters must be put in, taken out or changed.
 */
#ifndef GRIDLOCK_REPORT_OPTION_KEYS_H
#define GRIDLOCK_REPORT_OPTION_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const char *const option_keys[] = {"all",        "baseline",     "color",   "exitcode",
                                          "follow",     "format",       "output",  "on_deadlock",
                                          "statistics", "suppressions", "verbose", NULL};

enum { OPTION_KEY_LONGEST = 16 };

static inline bool option_key_known(const char *key, size_t length)
{
    for (size_t i = 0; option_keys[i]; i++)
        if (strlen(option_keys[i]) == length && !memcmp(option_keys[i], key, length))
            return true;
    return false;
}

/* One row of the table after the other, in place. */
static inline unsigned option_key_distance(const char *a, size_t a_length, const char *b)
{
    unsigned row[OPTION_KEY_LONGEST + 1];
    size_t b_length = strlen(b);

    for (unsigned j = 0; j <= b_length; j++)
        row[j] = j;
    for (size_t i = 0; i < a_length; i++) {
        unsigned diagonal = row[0]++;

        for (size_t j = 0; j < b_length; j++) {
            unsigned changed = diagonal + (a[i] != b[j] && !(a[i] == '-' && b[j] == '_'));

            diagonal = row[j + 1];
            row[j + 1] = diagonal < row[j] ? diagonal + 1 : row[j] + 1;
            if (changed < row[j + 1])
                row[j + 1] = changed;
        }
    }
    return row[b_length];
}

/* The key that differs from this one in a third of its letters or less. */
static inline const char *option_key_nearest(const char *key, size_t length)
{
    unsigned best = length / 3 + 1;
    const char *nearest = NULL;

    for (size_t i = 0; option_keys[i]; i++) {
        unsigned distance = option_key_distance(key, length, option_keys[i]);

        if (distance < best || (!nearest && distance == best)) {
            best = distance;
            nearest = option_keys[i];
        }
    }
    return nearest;
}

#endif
