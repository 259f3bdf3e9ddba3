/* SPDX-License-Identifier: MIT */
/*
 * baseline.c - findings that were there before: only what is new shall fail
 *
 * 1. A line of the file is a finding, or a fingerprint of either kind. A fault that is there twice,
 *    as when two runs were put together, is one.
 * 2. A finding with the same fingerprint is known.
 * 3. So is one whose loose fingerprint, without line numbers, is the same, if that entry is still free:
 *    an edit further up moves lines and makes nothing new. Each entry stands for one finding: where two
 *    were known in a function and a third one comes, one is new.
 * 4. An entry that nobody took did not occur.
 * In step 3 the first one takes the entry, before a later one of step 2 may come: which of two is
 * the new one can be wrong then, that there is one is not.
 */
#include "detector/cli/finding/baseline.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detector/cli/finding/fingerprint.h"

enum { PRINT_DIGITS = 16 };

struct known {
    struct known *next;
    char exact[PRINT_DIGITS + 1], loose[PRINT_DIGITS + 1];
    bool met;
};

static bool complain(const char *file, int line, const char *what)
{
    fprintf(stderr, "gridlock: %s:%d: %s\n", file, line, what);
    return false;
}

static bool is_fingerprint(const char *text)
{
    return strspn(text, "0123456789abcdef") == PRINT_DIGITS && text[PRINT_DIGITS] == '\0';
}

static bool add(struct baseline *b, const char *exact, const char *loose)
{
    struct known *k;

    for (k = b->first; k != NULL; k = k->next)
        if (strcmp(k->exact, exact) == 0)
            return true;
    k = calloc(1, sizeof(*k));
    if (k == NULL)
        return false;
    memcpy(k->exact, exact, PRINT_DIGITS);
    memcpy(k->loose, loose, PRINT_DIGITS);
    k->next = b->first;
    b->first = k;
    return true;
}

/* Notes fail nobody: they need no entry. */
static bool add_finding(struct baseline *b, int line, const char *text, size_t length)
{
    const char *error = NULL;
    struct finding *f = finding_parse(text, length, &error);
    bool good = false;

    if (f == NULL)
        return complain(b->file, line, error);
    if (f->raw)
        complain(b->file, line, "a raw finding; a baseline is what --format=json writes");
    else {
        fingerprint(f);
        if (!is_fingerprint(f->fingerprint) || !is_fingerprint(f->loose_fingerprint))
            complain(b->file, line, "a fingerprint is 16 hex digits");
        else
            good = finding_is(f, "note") || add(b, f->fingerprint, f->loose_fingerprint);
    }
    finding_free(f);
    return good;
}

static bool add_line(struct baseline *b, int line, char *text, size_t length)
{
    if (strlen(text) != length)
        return complain(b->file, line, "not a text file; a baseline is what --format=json writes");
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        text[--length] = '\0';
    if (length == 0 || text[0] == '#')
        return true;
    if (text[0] == '{')
        return add_finding(b, line, text, length);
    if (is_fingerprint(text))
        return add(b, text, text);
    return complain(b->file, line, "neither a finding of --format=json nor a fingerprint");
}

bool baseline_read(struct baseline *b, const char *file)
{
    FILE *stream = fopen(file, "re");
    char *text = NULL;
    size_t capacity = 0;
    ssize_t length = 0;
    bool good = true;
    int error = stream == NULL ? errno : 0;

    baseline_free(b);
    b->file = file;
    for (int line = 1; stream != NULL && good; line++) {
        errno = 0;
        length = getline(&text, &capacity, stream);
        if (length < 0)
            break;
        good = add_line(b, line, text, (size_t)length);
    }
    if (stream != NULL && ferror(stream))
        error = errno;
    if (error != 0)
        fprintf(stderr, "gridlock: cannot read the baseline %s: %s\n", file, strerror(error));
    free(text);
    if (stream != NULL)
        fclose(stream);
    return good && error == 0;
}

/* An entry that nobody has taken; a bare fingerprint may be of either kind. */
static struct known *find(const struct baseline *b, const struct finding *f, bool loose)
{
    for (struct known *k = b->first; k != NULL; k = k->next)
        if (!k->met && (loose ? strcmp(k->loose, f->loose_fingerprint) == 0
                              : strcmp(k->exact, f->fingerprint) == 0))
            return k;
    return NULL;
}

bool baseline_knows(struct baseline *b, const struct finding *f)
{
    struct known *k = find(b, f, false);

    if (k == NULL)
        k = find(b, f, true);
    if (k != NULL)
        k->met = true;
    return k != NULL;
}

size_t baseline_missed(const struct baseline *b)
{
    size_t missed = 0;

    for (const struct known *k = b->first; k != NULL; k = k->next)
        missed += !k->met;
    return missed;
}

void baseline_free(struct baseline *b)
{
    while (b->first != NULL) {
        struct known *k = b->first;

        b->first = k->next;
        free(k);
    }
    b->file = NULL;
}
