/* SPDX-License-Identifier: MIT */
/*
 * suppress.c - findings that somebody has looked at and wants to see no more
 *
 *     FINDING:FIELD:PATTERN   # reason
 *
 * FINDING and PATTERN are globs (fnmatch). A reason is required: in a year nobody knows any more why
 * a line is there. A line that matches nothing any more is reported, so that the file does not rot.
 */
#include "detector/cli/finding/suppress.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detector/cli/base/path.h"

const char suppressions_help[] =
    "A suppression file has one suppression a line:\n"
    "\n"
    "    FINDING:FIELD:PATTERN   # reason\n"
    "\n"
    "FINDING  the name of a finding, or a pattern: lock-order-cycle, *-holding-lock, *\n"
    "FIELD    what PATTERN is compared with; one match in the finding is enough\n"
    "           function     a function in one of its stacks\n"
    "           file         a source file in one of its stacks, or the end of its path\n"
    "           module       the program or library that a stack goes through\n"
    "           object       the name of a lock, a channel, ..., as the report has it; also: lock\n"
    "           thread       the name of a thread\n"
    "           fingerprint  the fault itself, from --format=json; --verbose prints the line\n"
    "PATTERN  may hold * ? and [...], as in the shell; \\[ stands for [\n"
    "reason   why this is no defect, or who will mend it; a line without one is an error\n"
    "\n"
    "Empty lines and lines that start with # are comments. The summary says how many findings were\n"
    "suppressed; a line that matched nothing is reported at the end. Example:\n"
    "\n"
    "    lock-order-cycle:function:legacy_flush   # only called at start-up, one thread\n"
    "    lock-order-cycle:object:accounts\\[*\\].lock   # ticket 4711\n"
    "    thread-not-joined:module:libfoo.so*   # not ours\n";

enum field { FUNCTION, SOURCE_FILE, MODULE, OBJECT, THREAD, FINGERPRINT, FIELDS };

static const char *const field_names[FIELDS] = {"function", "file",   "module",
                                                "object",   "thread", "fingerprint"};

struct suppression {
    struct suppression *next;
    char *text; /* cut into finding, pattern and reason in place */
    const char *finding, *pattern, *file;
    enum field field;
    int line;
    bool used;
};

static bool complain(const char *file, int line, const char *what)
{
    fprintf(stderr, "gridlock: %s:%d: %s\n", file, line, what);
    return false;
}

/* The '#' that starts the reason: the first one after a blank. */
static char *find_reason(char *text)
{
    for (char *p = text; *p != '\0'; p++)
        if (p[0] == '#' && p > text && isspace((unsigned char)p[-1]))
            return p;
    return NULL;
}

static void trim_end(char *text)
{
    size_t length = strlen(text);

    while (length > 0 && isspace((unsigned char)text[length - 1]))
        text[--length] = '\0';
}

static bool parse(struct suppression *s)
{
    char *reason = find_reason(s->text), *rest = s->text;
    const char *field;

    if (reason == NULL || reason[1 + strspn(reason + 1, " \t#")] == '\0')
        return complain(s->file, s->line, "a suppression needs a reason: append `  # why`");
    *reason = '\0';
    trim_end(s->text);
    s->finding = strsep(&rest, ":");
    field = strsep(&rest, ":");
    if (field == NULL || rest == NULL || rest[0] == '\0' || s->finding[0] == '\0')
        return complain(s->file, s->line, "a suppression is FINDING:FIELD:PATTERN  # reason");
    s->pattern = rest;
    if (strcmp(field, "lock") == 0)
        field = "object";
    for (s->field = 0; s->field < FIELDS; s->field++)
        if (strcmp(field, field_names[s->field]) == 0)
            return true;
    return complain(
        s->file, s->line,
        "the field must be function, file, module, object, lock, thread or fingerprint");
}

static bool add_line(struct suppressions *list, const char *file, int line, const char *text)
{
    struct suppression *s;
    size_t blanks = strspn(text, " \t\r\n");

    if (text[blanks] == '\0' || text[blanks] == '#')
        return true;
    s = calloc(1, sizeof(*s));
    if (s == NULL || (s->text = strdup(text + blanks)) == NULL) {
        free(s);
        return complain(file, line, "out of memory");
    }
    trim_end(s->text);
    s->file = file;
    s->line = line;
    if (list->last == NULL)
        list->first = s;
    else
        list->last->next = s;
    list->last = s;
    return parse(s);
}

bool suppressions_read(struct suppressions *list, const char *file)
{
    FILE *stream = fopen(file, "re");
    char *text = NULL;
    size_t capacity = 0;
    bool good = true;

    if (stream == NULL) {
        fprintf(stderr, "gridlock: cannot read the suppressions %s: %s\n", file, strerror(errno));
        return false;
    }
    for (int line = 1; good && getline(&text, &capacity, stream) >= 0; line++)
        good = add_line(list, file, line, text);
    if (ferror(stream)) {
        fprintf(stderr, "gridlock: cannot read the suppressions %s\n", file);
        good = false;
    }
    free(text);
    fclose(stream);
    return good;
}

static bool matches(const struct suppression *s, const char *text)
{
    return text != NULL && fnmatch(s->pattern, text, 0) == 0;
}

/* `bank.c`, `src/bank.c` and the whole path all name the file. */
static bool matches_path(const struct suppression *s, const char *path)
{
    if (path == NULL)
        return false;
    if (matches(s, path))
        return true;
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/'))
        if (matches(s, slash + 1))
            return true;
    return false;
}

struct search {
    const struct suppression *suppression;
    bool found;
};

static void search_stack(struct stack *stack, void *data)
{
    struct search *search = data;
    const struct suppression *s = search->suppression;

    for (size_t i = 0; i < stack->count && !search->found; i++) {
        const struct frame *frame = &stack->frames[i];

        if (s->field == FUNCTION)
            search->found = matches(s, frame->function);
        else
            search->found = matches_path(s, s->field == MODULE ? frame->module : frame->file);
    }
}

/* A nil channel is no object, but the source has a name for it. */
static bool matches_object(const struct suppression *s, const struct finding *f)
{
    for (size_t i = 0; i < f->object_count; i++)
        if (matches(s, f->objects[i].name))
            return true;
    for (size_t i = 0; i < f->thread_count; i++)
        if (f->threads[i].waits != NULL && matches(s, f->threads[i].waits->nil_name))
            return true;
    return false;
}

static bool matches_finding(const struct suppression *s, const struct finding *f)
{
    struct search search = {.suppression = s};

    if (fnmatch(s->finding, f->name, 0) != 0)
        return false;
    switch (s->field) {
    case FINGERPRINT:
        return matches(s, f->fingerprint);
    case OBJECT:
        return matches_object(s, f);
    case THREAD:
        for (size_t i = 0; i < f->thread_count; i++)
            if (matches(s, f->threads[i].name))
                return true;
        return false;
    default:
        finding_each_stack(f, search_stack, &search);
        return search.found;
    }
}

bool suppressions_match(struct suppressions *list, const struct finding *f)
{
    bool any = false;

    for (struct suppression *s = list->first; s != NULL; s = s->next)
        if (matches_finding(s, f)) {
            s->used = true;
            any = true;
        }
    return any;
}

void suppressions_report_unused(const struct suppressions *list)
{
    for (const struct suppression *s = list->first; s != NULL; s = s->next)
        if (!s->used)
            fprintf(stderr, "gridlock: %s:%d: note: this suppression matched nothing: %s:%s:%s\n",
                    s->file, s->line, s->finding, field_names[s->field], s->pattern);
}

void suppressions_free(struct suppressions *list)
{
    while (list->first != NULL) {
        struct suppression *s = list->first;

        list->first = s->next;
        free(s->text);
        free(s);
    }
    list->last = NULL;
}
