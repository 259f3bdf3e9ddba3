/* SPDX-License-Identifier: MIT */
/*
 * catalogue.c - every kind of finding, explained
 *
 * The texts are in catalogue_now.c (it hangs), catalogue_order.c (it can hang in another order),
 * catalogue_locks.c, catalogue_waiting.c and catalogue_channels.c (the rules of the API are broken).
 */
#include "detector/cli/finding/catalogue.h"

#include <string.h>

const struct chapter *catalogue(size_t *count)
{
    static struct chapter chapters[5];

    chapters[0] = catalogue_now;
    chapters[1] = catalogue_order;
    chapters[2] = catalogue_locks;
    chapters[3] = catalogue_waiting;
    chapters[4] = catalogue_channels;
    *count = sizeof(chapters) / sizeof(chapters[0]);
    return chapters;
}

const struct entry *catalogue_find(const char *name)
{
    size_t count;
    const struct chapter *chapters = catalogue(&count);

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < chapters[i].count; k++)
            if (strcmp(chapters[i].entries[k].name, name) == 0)
                return &chapters[i].entries[k];
    return NULL;
}

/* Levenshtein's distance, one row at a time; names longer than the row are far from everything. */
static size_t distance(const char *a, const char *b)
{
    size_t row[64], length = strlen(b);

    if (length >= sizeof(row) / sizeof(row[0]))
        return length;
    for (size_t k = 0; k <= length; k++)
        row[k] = k;
    for (size_t i = 0; a[i] != '\0'; i++) {
        size_t diagonal = row[0];

        row[0] = i + 1;
        for (size_t k = 0; k < length; k++) {
            size_t best = diagonal + (a[i] != b[k]);

            diagonal = row[k + 1];
            if (row[k] + 1 < best)
                best = row[k] + 1;
            if (diagonal + 1 < best)
                best = diagonal + 1;
            row[k + 1] = best;
        }
    }
    return row[length];
}

const char *catalogue_nearest(const char *name)
{
    size_t count, least = (size_t)-1;
    const struct chapter *chapters = catalogue(&count);
    const char *nearest = "";

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < chapters[i].count; k++) {
            const char *candidate = chapters[i].entries[k].name;
            size_t far = distance(name, candidate);

            if (far < least) {
                least = far;
                nearest = candidate;
            }
        }
    return nearest;
}
