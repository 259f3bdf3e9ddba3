/* SPDX-License-Identifier: MIT */
/*
 * practice_progress.c - what a learner has done, in practice/progress
 */
#include "detector/cli/lesson/practice_progress.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "detector/cli/base/tool.h"

static void read_line(struct progress *p, const char *line, size_t length)
{
    char word[8], name[64];
    int hints = 0;

    if (sscanf(pool_copy_n(p->pool, line, length), "%7s %63s %d", word, name, &hints) < 2)
        return;
    if (strcmp(word, "at") == 0) {
        p->at = pool_copy(p->pool, name);
    } else if (strcmp(word, "open") == 0 || strcmp(word, "solved") == 0) {
        struct attempt *attempt = progress_begin(p, name);

        attempt->solved = word[0] == 's';
        attempt->hints = hints;
    }
}

void progress_read(struct progress *p, struct pool *pool, const char *folder)
{
    const char *text;

    *p = (struct progress){.pool = pool, .path = pool_printf(pool, "%s/progress", folder)};
    text = file_text(pool, p->path);
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, "\n");

        read_line(p, text, length);
        text += length + (text[length] == '\n');
    }
}

bool progress_write(const struct progress *p)
{
    FILE *file = fopen(p->path, "we");

    if (file != NULL) {
        fputs("# gridlock practice: where you are, and what you have done: STATE LESSON HINTS\n",
              file);
        if (p->at != NULL)
            fprintf(file, "at %s\n", p->at);
        for (size_t i = 0; i < p->count; i++)
            fprintf(file, "%s %s %d\n", p->attempts[i].solved ? "solved" : "open",
                    p->attempts[i].name, p->attempts[i].hints);
        if (fclose(file) == 0)
            return true;
    }
    fprintf(stderr, "gridlock: cannot write %s: %s\n", p->path, strerror(errno));
    return false;
}

bool progress_exists(const struct progress *p)
{
    return access(p->path, R_OK) == 0;
}

struct attempt *progress_find(const struct progress *p, const char *name)
{
    for (size_t i = 0; i < p->count; i++)
        if (strcmp(p->attempts[i].name, name) == 0)
            return &p->attempts[i];
    return NULL;
}

struct attempt *progress_begin(struct progress *p, const char *name)
{
    struct attempt *found = progress_find(p, name), *more;

    if (found != NULL)
        return found;
    more = pool_array(p->pool, p->count + 1, sizeof(*more));
    if (p->count > 0)
        memcpy(more, p->attempts, p->count * sizeof(*more));
    p->attempts = more;
    p->attempts[p->count] = (struct attempt){.name = pool_copy(p->pool, name)};
    return &p->attempts[p->count++];
}
