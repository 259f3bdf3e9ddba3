/* SPDX-License-Identifier: MIT */
/*
 * junit.c - verdicts as JUnit XML, which CI systems show as tests
 *
 * JUnit's XML was never specified; this is what Jenkins' schema (junit-4.xsd) and the readers we tried
 * agree on: a failure is a verdict, an error is no verdict. What XML 1.0 cannot say (most control
 * characters, U+FFFE and U+FFFF) is a question mark.
 */
#include "detector/cli/lesson/junit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "detector/cli/base/utf8.h"

void junit_add(struct junit *j, const struct junit_case *one)
{
    struct junit_case *copy = pool_array(j->pool, 1, sizeof(*copy));

    *copy = *one;
    copy->next = NULL;
    if (j->last == NULL)
        j->first = copy;
    else
        j->last->next = copy;
    j->last = copy;
    j->counts[one->outcome]++;
    j->seconds += one->seconds;
}

static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\n':
        return "&#10;";
    case '\t':
        return "&#9;";
    default:
        return (unsigned char)c < ' ' ? "?" : NULL;
    }
}

static void put_text(FILE *stream, struct pool *pool, const char *text)
{
    for (const char *p = utf8_repaired(pool, text); *p != '\0'; p++)
        if (strncmp(p, "\xef\xbf\xbe", 3) == 0 || strncmp(p, "\xef\xbf\xbf", 3) == 0) {
            fputc('?', stream);
            p += 2;
        } else if (entity(*p) != NULL) {
            fputs(entity(*p), stream);
        } else {
            fputc(*p, stream);
        }
}

static void put_attribute(FILE *stream, struct pool *pool, const char *name, const char *value)
{
    fprintf(stream, " %s=\"", name);
    put_text(stream, pool, value);
    fputs("\"", stream);
}

static void put_outcome(FILE *stream, struct pool *pool, const struct junit_case *one)
{
    static const char *const elements[] = {
        [OUTCOME_FAILED] = "failure", [OUTCOME_ERROR] = "error", [OUTCOME_SKIPPED] = "skipped"};
    const char *element = elements[one->outcome], *text = one->text == NULL ? "" : one->text;

    fprintf(stream, "      <%s", element);
    if (one->outcome != OUTCOME_SKIPPED) { /* the schema gives skipped no attributes */
        put_attribute(stream, pool, "type",
                      one->outcome == OUTCOME_FAILED ? "refused" : "unjudged");
        put_attribute(stream, pool, "message", text);
    }
    fputs(">", stream);
    put_text(stream, pool, text);
    fprintf(stream, "</%s>\n", element);
}

static void put_case(FILE *stream, struct pool *pool, const struct junit_case *one)
{
    fputs("    <testcase", stream);
    put_attribute(stream, pool, "classname", one->group);
    put_attribute(stream, pool, "name", one->name);
    fprintf(stream, " time=\"%.3f\"", one->seconds);
    if (one->outcome == OUTCOME_PASSED) {
        fputs("/>\n", stream);
        return;
    }
    fputs(">\n", stream);
    put_outcome(stream, pool, one);
    fputs("    </testcase>\n", stream);
}

static void put_counts(FILE *stream, const struct junit *j)
{
    size_t tests = 0;

    for (int i = 0; i < OUTCOMES; i++)
        tests += j->counts[i];
    fprintf(stream, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" time=\"%.3f\"", tests,
            j->counts[OUTCOME_FAILED], j->counts[OUTCOME_ERROR], j->seconds);
}

bool junit_write(const struct junit *j, const char *suite, const char *file)
{
    FILE *stream = fopen(file, "we");

    if (stream == NULL) {
        fprintf(stderr, "gridlock: cannot write %s: %s\n", file, strerror(errno));
        return false;
    }
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", stream);
    put_counts(stream, j);
    fputs(">\n  <testsuite", stream);
    put_attribute(stream, j->pool, "name", suite);
    put_counts(stream, j);
    fprintf(stream, " skipped=\"%zu\">\n", j->counts[OUTCOME_SKIPPED]);
    for (const struct junit_case *one = j->first; one != NULL; one = one->next)
        put_case(stream, j->pool, one);
    fputs("  </testsuite>\n</testsuites>\n", stream);
    if ((ferror(stream) | fclose(stream)) == 0)
        return true;
    fprintf(stderr, "gridlock: cannot write %s\n", file);
    return false;
}
