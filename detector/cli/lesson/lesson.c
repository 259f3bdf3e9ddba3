/* SPDX-License-Identifier: MIT */
/*
 * lesson.c - the lessons that came with the command: where they are, their order, their headers
 *
 * They are in the folder above the command's (a source tree, whose build/ it is in), in
 * ../share/gridlock/lessons beside it, or where they were installed to; GRIDLOCK_LESSONS has the
 * first word. The order is that of the course: the file `order` names them, one a line; what it does
 * not name comes last.
 */
#include "detector/cli/lesson/lesson.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "detector/cli/base/library.h"
#include "detector/cli/base/tool.h"

#ifndef GRIDLOCK_PREFIX
#define GRIDLOCK_PREFIX "/usr/local"
#endif

static bool has_lessons(struct pool *pool, const char *root)
{
    return access(pool_printf(pool, "%s/broken", root), R_OK) == 0 &&
           access(pool_printf(pool, "%s/fixed", root), R_OK) == 0;
}

static const char *resolved(struct pool *pool, const char *path)
{
    char *real = realpath(path, NULL);
    const char *copy = real == NULL ? path : pool_copy(pool, real);

    free(real);
    return copy;
}

static bool find_root(struct pool *pool, struct lessons *lessons)
{
    const char *own = command_directory(pool), *asked = getenv("GRIDLOCK_LESSONS");
    const char *beside = own == NULL ? "." : own;
    const char *places[] = {
        asked == NULL ? "" : asked,
        pool_printf(pool, "%s/..", beside),
        pool_printf(pool, "%s/../share/gridlock/lessons", beside),
        GRIDLOCK_PREFIX "/share/gridlock/lessons",
    };

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        if (places[i][0] != '\0' && has_lessons(pool, places[i])) {
            lessons->root = resolved(pool, places[i]);
            lessons->include = pool_printf(pool, "%s/../include", beside);
            if (access(pool_printf(pool, "%s/gridlock.h", lessons->include), R_OK) != 0)
                lessons->include = GRIDLOCK_PREFIX "/include";
            lessons->include = resolved(pool, lessons->include);
            return true;
        }
    fprintf(stderr, "gridlock: no lessons: neither in the source tree of this command nor in %s\n",
            places[2]);
    return false;
}

/* .../broken/FAMILY/NAME.c */
static struct lesson lesson_at(struct pool *pool, const char *root, const char *path)
{
    const char *family = path + strlen(root) + strlen("/broken/");
    const char *name = strchr(family, '/') + 1;
    struct lesson lesson = {pool_copy_n(pool, family, (size_t)(name - 1 - family)),
                            pool_copy_n(pool, name, strlen(name) - 2), NULL, NULL};

    lesson.broken = pool_printf(pool, "%s/broken/%s/%s.c", root, lesson.family, lesson.name);
    lesson.fixed = pool_printf(pool, "%s/fixed/%s/%s.c", root, lesson.family, lesson.name);
    return lesson;
}

/* Where the line that names the lesson is in the order; behind its end if there is none. */
static size_t rank(struct pool *pool, const char *order, const struct lesson *lesson)
{
    const char *line = pool_printf(pool, "\n%s/%s\n", lesson->family, lesson->name);
    const char *found = order == NULL ? NULL : strstr(order, line);

    return found == NULL ? (size_t)-1 : (size_t)(found - order);
}

static void sort(struct pool *pool, struct lessons *lessons)
{
    const char *order = file_text(pool, pool_printf(pool, "%s/docs/course/order", lessons->root));
    size_t *ranks = pool_array(pool, lessons->count + 1, sizeof(*ranks));

    if (order == NULL)
        order = file_text(pool, pool_printf(pool, "%s/order", lessons->root));
    for (size_t i = 0; i < lessons->count; i++) {
        struct lesson lesson = lessons->list[i];
        size_t own = rank(pool, order, &lesson), k = i;

        for (; k > 0 && ranks[k - 1] > own; k--) {
            lessons->list[k] = lessons->list[k - 1];
            ranks[k] = ranks[k - 1];
        }
        lessons->list[k] = lesson;
        ranks[k] = own;
    }
}

bool lessons_find(struct pool *pool, struct lessons *lessons)
{
    glob_t found;

    *lessons = (struct lessons){.count = 0};
    if (!find_root(pool, lessons))
        return false;
    if (glob(pool_printf(pool, "%s/broken/*/*.c", lessons->root), 0, NULL, &found) != 0) {
        fprintf(stderr, "gridlock: no lessons in %s/broken\n", lessons->root);
        return false;
    }
    lessons->list = pool_array(pool, found.gl_pathc, sizeof(*lessons->list));
    for (size_t i = 0; i < found.gl_pathc; i++)
        lessons->list[lessons->count++] = lesson_at(pool, lessons->root, found.gl_pathv[i]);
    globfree(&found);
    sort(pool, lessons);
    return true;
}

const struct lesson *lesson_named(const struct lessons *lessons, const char *name)
{
    const char *slash = strrchr(name, '/'), *base = slash == NULL ? name : slash + 1;
    size_t length = strlen(base);

    if (length > 2 && strcmp(base + length - 2, ".c") == 0)
        length -= 2;
    for (size_t i = 0; i < lessons->count; i++) {
        const struct lesson *lesson = &lessons->list[i];

        if (strlen(lesson->name) == length && strncmp(lesson->name, base, length) == 0)
            return lesson;
    }
    fprintf(stderr, "gridlock: no lesson is called `%.*s`; gridlock practice --list has them all\n",
            (int)length, base);
    return NULL;
}

/* ---------------------------------------------------------------- headers */

/* ` *          text`: the line goes on with what the key before it says. */
static bool continues(const char *line)
{
    return strncmp(line, " *    ", 6) == 0 && line[6] != '\0';
}

const char *lesson_header(struct pool *pool, const char *text, const char *key)
{
    const char *start = strstr(text, pool_printf(pool, "\n * %s:", key));
    const char *end = strstr(text, "*/\n#");
    char *value = NULL;

    if (start == NULL || (end != NULL && start > end))
        return NULL;
    start += strlen(key) + strlen("\n * :");
    do {
        size_t length;

        start += strspn(start, " *");
        length = strcspn(start, "\n");
        value = value == NULL ? pool_copy_n(pool, start, length)
                              : pool_printf(pool, "%s %.*s", value, (int)length, start);
        start += length + (start[length] == '\n');
    } while (continues(start));
    return value;
}

const char *lesson_title(struct pool *pool, const char *text)
{
    const char *dash = strstr(text, " - "), *line = strchr(text, '\n');

    for (int i = 0; i < 2 && line != NULL; i++)
        line = strchr(line + 1, '\n');
    if (dash == NULL || (line != NULL && dash > line))
        return "";
    return pool_copy_n(pool, dash + 3, strcspn(dash + 3, "\n"));
}

const char *lesson_expect(struct pool *pool, const char *text, const char *key)
{
    const char *line = lesson_header(pool, text, "Expect"), *output, *found;

    if (line == NULL)
        return NULL;
    line = pool_printf(pool, " %s", line);
    output = strstr(line, " output=\"");
    if (strcmp(key, "output") == 0)
        return output == NULL ? NULL : pool_copy_n(pool, output + 9, strcspn(output + 9, "\""));
    found = strstr(line, pool_printf(pool, " %s=", key));
    if (found == NULL || (output != NULL && found > output))
        return NULL;
    found += strlen(key) + 2;
    return pool_copy_n(pool, found, strcspn(found, " "));
}
