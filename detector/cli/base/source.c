/* SPDX-License-Identifier: MIT */
/*
 * source.c - lines of source files
 *
 * A file is read whole at its first use and cut into lines in place.
 * Invariant: lines[i] ends with a NUL inside text.
 */
#include "detector/cli/base/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_BYTES = 32 * 1024 * 1024 }; /* what is longer was not written by a person */

struct source {
    struct source *next;
    char *file, *text;
    char **lines;
    size_t count;
};

static struct source *sources;

static char *read_whole(const char *file)
{
    struct stat st;
    FILE *stream;
    char *text;
    size_t length;

    if (stat(file, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > MAX_BYTES ||
        (stream = fopen(file, "re")) == NULL)
        return NULL;
    text = malloc((size_t)st.st_size + 1);
    if (text != NULL) {
        length = fread(text, 1, (size_t)st.st_size, stream);
        text[length] = '\0';
    }
    fclose(stream);
    return text;
}

static void cut_lines(struct source *s)
{
    size_t count = 1;

    for (const char *p = s->text; *p != '\0'; p++)
        count += *p == '\n';
    s->lines = calloc(count, sizeof(*s->lines));
    if (s->lines == NULL)
        return;
    for (char *line = s->text, *rest = s->text; line != NULL; line = rest) {
        line = strsep(&rest, "\n");
        line[strcspn(line, "\r")] = '\0';
        s->lines[s->count++] = line;
    }
}

static struct source *source_open(const char *file)
{
    struct source *s;

    for (s = sources; s != NULL; s = s->next)
        if (strcmp(s->file, file) == 0)
            return s;
    s = calloc(1, sizeof(*s));
    if (s == NULL || (s->file = strdup(file)) == NULL) {
        free(s);
        return NULL;
    }
    s->text = read_whole(file);
    if (s->text != NULL)
        cut_lines(s);
    s->next = sources;
    sources = s;
    return s;
}

const char *source_line(const char *file, int line)
{
    struct source *s = file == NULL || line < 1 ? NULL : source_open(file);

    return s == NULL || s->lines == NULL || (size_t)line > s->count ? NULL : s->lines[line - 1];
}

void sources_close(void)
{
    while (sources != NULL) {
        struct source *s = sources;

        sources = s->next;
        free(s->file);
        free(s->text);
        free(s->lines);
        free(s);
    }
}
