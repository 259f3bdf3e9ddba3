/* SPDX-License-Identifier: MIT */
/*
 * check_source.c - what a learner's source must not have: new sleeps, tools switched off
 *
 * Nor may it print by hand what the lesson wants to see, or ask for a lock and not look whether it
 * came.
 *
 * A sleep orders nothing; it makes a fault rarer, and the tools' work harder. Those that the lesson
 * has itself may stay: each call, as it is written, as often as in the broken program or in the solution.
 * Comments and strings are no source.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "detector/cli/lesson/check.h"

static const char *const sleeps[] = {"sleep",           "usleep",     "nanosleep",
                                     "clock_nanosleep", "time_sleep", "sched_yield",
                                     "thrd_sleep",      "thrd_yield", "pthread_yield"};

static const char *const switches[] = {
    "no_sanitize", "disable_sanitizer_instrumentation", "#pragma", "__tsan_", "ANNOTATE_", "dlsym"};

/* The end of the comment or string that begins here; the same place if none does. */
static const char *skip(const char *text)
{
    char quote = *text;

    if (strncmp(text, "//", 2) == 0)
        return text + strcspn(text, "\n");
    if (strncmp(text, "/*", 2) == 0) {
        const char *end = strstr(text + 2, "*/");

        return end == NULL ? text + strlen(text) : end + 2;
    }
    if (quote != '"' && quote != '\'')
        return text;
    for (text++; *text != '\0' && *text != quote && *text != '\n'; text++)
        text += *text == '\\' && text[1] != '\0';
    return text + (*text == quote);
}

static bool in_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The text without blanks, comments and what stands in strings, but for one blank between words. */
static const char *code(struct check *c, const char *text)
{
    char *result = pool_array(c->pool, 2 * strlen(text) + 2, 1), *end = result;
    bool gap = false;

    *end++ = ' ';
    while (*text != '\0') {
        const char *next = skip(text);

        if (next > text || isspace((unsigned char)*text)) {
            gap = true;
            text = next > text ? next : text + 1;
            continue;
        }
        if (gap && in_word(*text) && in_word(end[-1]))
            *end++ = ' ';
        gap = false;
        *end++ = *text++;
    }
    return result;
}

/* One call, `usleep(20*1000)`, from its name to the closing parenthesis. */
static size_t call_length(const char *call)
{
    size_t length = strcspn(call, "(");
    int depth = 0;

    do {
        depth += (call[length] == '(') - (call[length] == ')');
        length++;
    } while (depth > 0 && call[length] != '\0');
    return length;
}

/* The next call of one of the sleeping functions; NULL if there is none. */
static const char *next_sleep(const char *text)
{
    while (*text != '\0') {
        size_t length = 0;

        while (in_word(text[length]))
            length++;
        for (size_t i = 0; length > 0 && i < sizeof(sleeps) / sizeof(sleeps[0]); i++)
            if (strlen(sleeps[i]) == length && strncmp(sleeps[i], text, length) == 0)
                return text;
        text += length > 0 ? length : 1;
    }
    return NULL;
}

static size_t occurrences(const char *text, const char *call, size_t length)
{
    size_t count = 0;

    while ((text = next_sleep(text)) != NULL) {
        size_t own = call_length(text);

        count += own == length && strncmp(text, call, length) == 0;
        text += strcspn(text, "(");
    }
    return count;
}

static bool no_new_sleep(struct check *c, const char *yours, const char *broken, const char *fixed)
{
    for (const char *call = next_sleep(yours); call != NULL; call = next_sleep(call)) {
        size_t length = call_length(call), own = occurrences(yours, call, length);

        if (own > occurrences(broken, call, length) && own > occurrences(fixed, call, length))
            return check_refuse(c,
                                "%.*s is new: a sleep orders nothing, it only makes the fault "
                                "rarer",
                                (int)length, call);
        call += strcspn(call, "(");
    }
    return true;
}

/* How often a lock is asked for that may not come, and nobody looks whether it did. */
static size_t ignored_locks(const char *text)
{
    static const char *const calls[] = {"trylock(", "timedlock(", "tryrdlock(", "trywrlock("};
    size_t count = 0;

    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
        for (const char *at = text; (at = strstr(at, calls[i])) != NULL; at++) {
            const char *before = at;

            while (before > text && in_word(before[-1]))
                before--;
            count += before > text + 6 &&
                     (strchr(";{}", before[-1]) != NULL || strncmp(before - 6, "(void)", 6) == 0);
        }
    return count;
}

static const char *below_header(const char *text)
{
    const char *code = strstr(text, "\n#include");

    return code == NULL ? text : code;
}

/* A line that is to be printed stands in the source as it is, and did not before. */
static bool not_by_hand(struct check *c)
{
    const char *wanted = c->output;

    while (wanted != NULL && *wanted != '\0') {
        size_t length = strcspn(wanted, ";");
        const char *line = pool_copy_n(c->pool, wanted, length);

        if (strstr(below_header(c->yours), line) != NULL &&
            strstr(below_header(c->broken), line) == NULL &&
            strstr(below_header(c->fixed), line) == NULL)
            return check_refuse(c, "it prints \"%s\" by hand: the line is to tell what was done",
                                line);
        wanted += length;
        wanted += strspn(wanted, "; ");
    }
    return true;
}

bool check_source(struct check *c)
{
    const char *yours = code(c, c->yours), *broken = code(c, c->broken), *fixed = code(c, c->fixed);

    for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
        if (strstr(yours, switches[i]) != NULL && strstr(broken, switches[i]) == NULL &&
            strstr(fixed, switches[i]) == NULL)
            return check_refuse(c, "`%s` switches off who looks; the fault stays", switches[i]);
    if (ignored_locks(yours) > ignored_locks(fixed))
        return check_refuse(c, "nobody looks whether a trylock got its lock: what comes next runs "
                               "without it now and then");
    return no_new_sleep(c, yours, broken, fixed) && not_by_hand(c);
}
